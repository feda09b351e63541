import { type AppFile, existingFile } from './app-file.ts';
import type { PackageFacts } from './package-facts.ts';
import { isNextInSource, isTyped } from './proxy.ts';

/** A first page that renders through the proxy, for a Next.js project with an app router; `null` for one without. */
export function firstPage(facts: PackageFacts): AppFile | null {
  const router = isNextInSource(facts) ? 'src/app' : 'app';
  // Every page needs a root layout; without one the folder has routes at most, such as the proxy itself.
  if (existingFile(facts.directory, `${router}/layout`) === null) return null;
  const place = `${router}/outkit/page`;
  const typed = isTyped(facts);
  const file = `${place}.${typed ? 'tsx' : 'jsx'}`;
  return { file, code: pageText(file, typed), existing: existingFile(facts.directory, place) };
}

/** What blocks hold is text of somebody else, and so is shown as text nodes only. */
export function pageText(file: string, typed: boolean): string {
  const only = (text: string) => (typed ? text : '');
  return `// ${file}: a first page, at /outkit. Change it, or take what shows a block to where you need it.
'use client';

import { ${only('type Block, ')}readStream } from 'outkit/stream';
import { useState } from 'react';

export default function OutkitPage() {
  const [content, setContent] = useState('# Hello\\n\\n- [x] the renderer\\n- [ ] my app');
  const [blocks, setBlocks] = useState${only('<readonly Block[]>')}([]);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function render() {
    setBusy(true);
    setBlocks([]);
    setProblem('');
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/api/outkit', { method: 'POST', headers, body: JSON.stringify({ content }) });
      for await (const item of readStream(answer)) {
        if (item.type === 'block') setBlocks((shown) => [...shown, item.block]);
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'It did not work');
    }
    setBusy(false);
  }

  return (
    <main>
      <textarea
        aria-label="Text"
        rows={8}
        cols={60}
        value={content}
        onChange={(event) => setContent(event.target.value)}
      />
      <button type="button" disabled={isBusy} onClick={render}>
        Render
      </button>
      <p role="alert">{problem}</p>
      {blocks.map((block, index) => (
        <section key={index}>
          <BlockView block={block} />
        </section>
      ))}
    </main>
  );
}

function BlockView({ block }${only(': { block: Block }')}) {
  const asWritten = { whiteSpace: 'pre-wrap' }${only(' as const')};
  switch (block.component) {
    case 'text':
      return <p style={asWritten}>{block.props.content}</p>;
    case 'alert':
      return (
        <blockquote style={asWritten}>
          <strong>{block.props.title ?? block.props.kind}</strong> {block.props.content}
        </blockquote>
      );
    case 'checkbox':
      return block.props.items.map(({ content, checked }, index) => (
        <label key={index} style={{ display: 'block' }}>
          <input type="checkbox" checked={checked} readOnly /> {content}
        </label>
      ));
    case 'steps':
      return (
        <ol start={block.props.start}>
          {block.props.steps.map(({ content }, index) => (
            <li key={index}>{content}</li>
          ))}
        </ol>
      );
    case 'table':
      return (
        <table>
          <thead>
            <tr>
              {block.props.columns.map((column) => (
                <th key={column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.props.rows.map((row, index) => (
              <tr key={index}>
                {block.props.columns.map((column) => (
                  <td key={column}>{row[column]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'code':
      return <pre>{block.props.code}</pre>;
    default:
      // A chart needs a library of your choice; these are its figures.
      return <pre>{JSON.stringify(block.props, null, 2)}</pre>;
  }
}
`;
}
