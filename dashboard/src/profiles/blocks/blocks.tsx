import type { CSSProperties } from 'react';
import type { Preview, PreviewBlock } from '../../../../src/core/preview-service.ts';
import { profilesTexts } from '../../texts/profiles.ts';
import { drawnBlock } from './block-props.ts';
import styles from './blocks.module.css';
import { ChartBlock } from './chart-block.tsx';
import { AlertBlock, CheckboxBlock, CodeBlock, StepsBlock } from './list-blocks.tsx';
import { TableBlock } from './table-block.tsx';

/** Blocks in the look of a design. All that came from outside is text here: nothing of it is markup, also where it is markdown. */
export function Blocks({ blocks, design }: Preview) {
  return (
    <div className={styles.answer} style={design as CSSProperties}>
      {blocks.length === 0 ? <p>{profilesTexts.playground.none}</p> : null}
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no name but their place.
        <div key={index} className={styles.block} data-component={block.component}>
          {block.meta?.title === undefined ? null : <p className={styles.title}>{block.meta.title}</p>}
          <Block block={block} />
        </div>
      ))}
    </div>
  );
}

function Block({ block }: { readonly block: PreviewBlock }) {
  const drawn = drawnBlock(block);
  switch (drawn?.component) {
    case 'text':
      return <p className={styles.text}>{drawn.props.content.trim()}</p>;
    case 'table':
      return <TableBlock {...drawn.props} />;
    case 'chart':
      return <ChartBlock {...drawn.props} />;
    case 'alert':
      return <AlertBlock {...drawn.props} />;
    case 'checkbox':
      return <CheckboxBlock {...drawn.props} />;
    case 'steps':
      return <StepsBlock {...drawn.props} />;
    case 'code':
      return <CodeBlock {...drawn.props} />;
    default:
      return <pre className={styles.code}>{JSON.stringify(block, null, 2)}</pre>;
  }
}
