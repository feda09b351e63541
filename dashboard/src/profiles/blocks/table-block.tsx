import { profilesTexts } from '../../texts/profiles.ts';
import type { PropsOf } from './block-props.ts';
import styles from './blocks.module.css';

/** More of them say nothing about how a table looks. */
const MAX_ROWS = 50;

export function TableBlock({ columns, rows, align = [] }: PropsOf<'table'>) {
  const hidden = rows.length - MAX_ROWS;
  const sides = { left: styles.left, center: styles.centre, right: styles.right };
  const sideOf = (index: number) => sides[align[index] ?? 'left'];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, also by the keyboard.
    <div className={styles.wide} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" className={sideOf(index)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_ROWS).map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
            <tr key={at}>
              {columns.map((column, index) => (
                <td key={column} className={sideOf(index)}>
                  {cellOf(row, column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 ? <p className={styles.caption}>{profilesTexts.blocks.moreRows(hidden)}</p> : null}
    </div>
  );
}

function cellOf(row: Readonly<Record<string, unknown>>, column: string): string {
  const cell = Object.hasOwn(row, column) ? row[column] : '';
  return typeof cell === 'string' ? cell : '';
}
