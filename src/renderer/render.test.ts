import { describe, expect, it } from 'vitest';
import type { Block } from './block.ts';
import { render } from './render.ts';
import type { Preferences } from './request.ts';

const TABLE = '|a|b|\n|-|-|\n|1|2|\n';
const CODE = '```js\nrun();\n```\n';
const TASKS = '- [ ] one\n- [x] two\n';

function outline(content: string, preferences: Preferences = {}, maxComponents = 8): string[] {
  return render({ content, preferences, maxComponents }).map(({ component, fallback }) =>
    fallback === undefined ? component : `${component}+fallback`,
  );
}

describe('render', () => {
  it('gives blocks in document order, adjacent text as one block with its blank lines', () => {
    expect(render({ content: `# Title\n\nHello\n\n${TABLE}\nBye`, maxComponents: 8 })).toEqual([
      { component: 'text', version: '1.0', props: { content: '# Title\n\nHello\n\n', variant: 'prose' } },
      {
        component: 'table',
        version: '1.0',
        props: { columns: ['a', 'b'], rows: [{ a: '1', b: '2' }], sortable: false },
        meta: { confidence: 1 },
      },
      { component: 'text', version: '1.0', props: { content: 'Bye', variant: 'prose' } },
    ]);
  });

  it('has no blocks for an empty document, and one text block for a blank one', () => {
    expect(render({ content: '', maxComponents: 8 })).toEqual([]);
    expect(outline(' \n\n\t')).toEqual(['text']);
  });

  it('takes a heading directly before a component for its title, and leaves it in the text', () => {
    const [text, table] = render({ content: `## **Prices**\n\n${TABLE}`, maxComponents: 8 });
    expect(text?.props).toEqual({ content: '## **Prices**\n\n', variant: 'prose' });
    expect(table?.meta?.title).toBe('Prices');
    expect(render({ content: `## **A** or **B**\n\n${TABLE}`, maxComponents: 8 })[1]?.meta?.title).toBe(
      '**A** or **B**',
    );
    expect(render({ content: `# Prices\n\ntext\n\n${TABLE}`, maxComponents: 8 })[1]?.meta).not.toHaveProperty('title');
    expect(render({ content: `# ${'a'.repeat(201)}\n\n${TABLE}`, maxComponents: 8 })[1]?.meta).not.toHaveProperty(
      'title',
    );
  });

  it('gives blank lines and a byte order mark at the start to the first block', () => {
    const [table] = render({
      content: `\uFEFF\n\n${TABLE}`,
      maxComponents: 8,
      preferences: { fallbackPolicy: 'always' },
    });
    expect(table).toMatchObject({ component: 'table', fallback: `\uFEFF\n\n${TABLE}` });
  });
});

describe('limit', () => {
  const content = [TABLE, CODE, TASKS].join('\nand\n\n');

  it('turns what is beyond it into text with fallback', () => {
    expect(outline(content, {}, 3)).toEqual(['table', 'text', 'code', 'text', 'checkbox']);
    expect(outline(content, {}, 2)).toEqual(['table', 'text', 'code', 'text+fallback']);
    expect(outline(content, {}, 0)).toEqual(['text+fallback']);
    expect(outline(`${content}\nend`, {}, 1)).toEqual(['table', 'text+fallback']);
  });

  it('does not count text', () => {
    expect(outline(`a\n\n${TABLE}\nb\n\n${CODE}\nc`, {}, 2)).toEqual(['text', 'table', 'text', 'code', 'text']);
  });

  it('can be lowered by the request, not raised', () => {
    expect(outline(content, { maxComponents: 1 }, 3)).toEqual(['table', 'text+fallback']);
    expect(outline(content, { maxComponents: 100 }, 1)).toEqual(['table', 'text+fallback']);
  });

  it('leaves the places to preferred types first, without changing the order', () => {
    expect(outline(content, { preferredTypes: ['checkbox'] }, 2)).toEqual(['table', 'text+fallback', 'checkbox']);
    expect(outline(content, { preferredTypes: ['code'] }, 1)).toEqual(['text+fallback', 'code', 'text+fallback']);
  });

  it('gives the place of a component that could not be built to the next one', () => {
    const tooWide = `${'|a'.repeat(300)}|\n${'|-'.repeat(300)}|\n`;
    expect(outline(`${tooWide}\n${CODE}`, {}, 1)).toEqual(['text+fallback', 'code']);
  });
});

describe('fallbackPolicy', () => {
  const content = `Hi\n\n${TABLE}\n${CODE}`;

  it('onFail, the default, gives fallbacks only where a component was not built as asked', () => {
    expect(outline(content)).toEqual(['text', 'table', 'code']);
    expect(outline(content, { fallbackPolicy: 'onFail' }, 1)).toEqual(['text', 'table', 'text+fallback']);
    expect(outline('```chart\nnonsense\n```')).toEqual(['code+fallback']);
  });

  it('always gives every component its exact piece of the document', () => {
    const blocks = render({ content, preferences: { fallbackPolicy: 'always' }, maxComponents: 8 });
    expect(blocks.map(({ fallback }) => fallback)).toEqual([undefined, `${TABLE}\n`, CODE]);
  });

  it('never gives no fallback, and loses no text for it', () => {
    expect(outline(content, { fallbackPolicy: 'never' }, 1)).toEqual(['text', 'table', 'text']);
    expect(outline('```chart\nnonsense\n```', { fallbackPolicy: 'never' })).toEqual(['code']);
    const [block] = render({ content, preferences: { fallbackPolicy: 'never' }, maxComponents: 0 });
    expect(block?.props).toEqual({ content, variant: 'prose' });
  });
});

describe('density', () => {
  const content = `${TABLE}\n${CODE}\n${TASKS}\n1. a\n2. b\n\nNote: c\n`;

  it('compact leaves alerts, checkboxes and steps in the text, which is no failure', () => {
    expect(outline(content, { density: 'compact' })).toEqual(['table', 'code', 'text']);
  });

  it('normal makes every component', () => {
    expect(outline(content, { density: 'normal' })).toEqual(outline(content));
    expect(outline(content)).toEqual(['table', 'code', 'checkbox', 'steps', 'alert']);
  });

  it('detailed describes every component', () => {
    const blocks: Block[] = render({ content, preferences: { density: 'detailed' }, maxComponents: 8 });
    const descriptions = blocks.map(({ meta }) => meta?.description);
    expect(descriptions).toEqual(['2 columns, 1 row', '1 line', '1 of 2 done', '2 steps', 'note']);
  });
});
