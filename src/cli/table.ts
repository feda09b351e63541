import { padded, shorten, widthOf } from './columns.ts';

/** Below this, tables give way to cards. */
const MIN_TABLE_COLUMNS = 60;

/** How closely a table may be set. */
export interface TableSetting {
  readonly gap: number;
  /** The columns that give way, the first one first, each down to a least width. All others are kept whole. */
  readonly shortened: readonly (readonly [column: number, least: number])[];
  /** Columns whose heading may be narrower than its text. */
  readonly narrowHeadings: readonly number[];
}

export interface TableLayout {
  readonly gap: number;
  readonly widths: readonly number[];
}

/** The first setting under which heading and lines fit the terminal; `null` when none does: then it is time for cards. */
export function tableLayout(
  headings: readonly string[],
  lines: readonly (readonly string[])[],
  settings: readonly TableSetting[],
  columns: number,
): TableLayout | null {
  if (columns < MIN_TABLE_COLUMNS) return null;
  for (const { gap, shortened, narrowHeadings } of settings) {
    const widths = headings.map((heading, column) => {
      const least = narrowHeadings.includes(column) ? 0 : widthOf(heading);
      return Math.max(least, ...lines.map((line) => widthOf(line[column] ?? '')));
    });
    let excess = widths.reduce((sum, width) => sum + width, gap * (headings.length - 1)) - columns;
    for (const [column, least] of shortened) {
      const cut = Math.max(0, Math.min(excess, (widths[column] ?? 0) - least));
      widths[column] = (widths[column] ?? 0) - cut;
      excess -= cut;
    }
    if (excess <= 0) return { gap, widths };
  }
  return null;
}

/** Cells in their columns, with the gap behind each. */
export function tableLine(cells: readonly string[], { gap, widths }: TableLayout): string {
  const fitted = cells.map((cell, column) => padded(shorten(cell, widths[column] ?? 0), widths[column] ?? 0));
  return fitted.map((cell) => cell + ' '.repeat(gap)).join('');
}
