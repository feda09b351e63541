import { isoTime } from '../api/bounds.ts';
import { shorten } from './columns.ts';
import type { Output } from './output.ts';
import { relativeTime } from './relative-time.ts';
import { type TableSetting, tableLayout, tableLine } from './table.ts';
import { visible } from './visible-text.ts';

/** A cell: a text, or a time in epoch milliseconds. */
export type Cell = string | number;

export interface RowsShape {
  readonly header: readonly string[];
  /** The columns that give way on a narrow terminal, the first one first, each down to a least width. */
  readonly shortened: TableSetting['shortened'];
}

/**
 * Prints rows: a table, cards below the first cell where a table does not fit, tab-separated lines where nobody looks. Times are
 * relative for people, else ISO 8601. Cells from elsewhere are made visible here.
 */
export function printRows(rows: readonly (readonly Cell[])[], shape: RowsShape, now: number, output: Output): void {
  const timeText = output.isTerminal ? (time: number) => relativeTime(time, now) : isoTime;
  const lines = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? timeText(cell) : visible(cell))));
  if (!output.isTerminal) {
    for (const line of lines) output.line(line.join('\t'));
    return;
  }
  const setting = { gap: 2, shortened: shape.shortened, narrowHeadings: [] };
  const layout = tableLayout(shape.header, lines, [setting], output.columns);
  if (layout === null) {
    for (const [first = '', ...rest] of lines) {
      output.line(output.colours.bold(shorten(first, output.columns)));
      for (const text of rest) if (text !== '') output.line(shorten(`  ${text}`, output.columns));
    }
    return;
  }
  if (lines.length > 0) output.line(output.colours.bold(tableLine(shape.header, layout).trimEnd()));
  for (const line of lines) output.line(tableLine(line, layout).trimEnd());
}
