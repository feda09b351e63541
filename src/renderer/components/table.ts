import * as v from 'valibot';
import { type Built, countOf } from '../built.ts';
import { splitCells } from '../cells.ts';
import type { Segment } from '../parse.ts';
import type { SourceDocument } from '../source-document.ts';

/** A table. Every row has every column; cells and column names are inline markdown. */
export const tableProps = v.strictObject({
  /** Unique names in document order: the keys of the rows. */
  columns: v.array(v.string()),
  rows: v.array(v.record(v.string(), v.string())),
  /** True when sorting makes sense: two rows or more, and each has a cell for each column. */
  sortable: v.boolean(),
  /** One entry for a column; absent when the document aligns none. */
  align: v.exactOptional(v.array(v.nullable(v.picklist(['left', 'center', 'right'])))),
});

export type TableProps = v.InferOutput<typeof tableProps>;

/** The cells of a table as they are in the document: rows may be shorter or longer than the header. */
export interface Grid {
  readonly header: readonly string[];
  readonly delimiters: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly sourceLength: number;
}

/** A wider table stays text. */
const MAX_COLUMNS = 256;
/** Rows repeat the column names, so props may outgrow the source: beyond both figures (in UTF-16 units) a table stays text. */
const MAX_FREE_LENGTH = 64 * 1024;
const MAX_GROWTH = 8;
/** Quotes, colon and comma around a cell on the wire. */
const CELL_OVERHEAD_LENGTH = 6;

/** Reads the cells of a table. */
export function readGrid(segment: Segment, document: SourceDocument): Grid {
  const [header = [], delimiters = [], ...rows] = document.lines(segment.startLine, segment.endLine).map(splitCells);
  const sourceLength = document.offsetOfLine(segment.endLine) - document.offsetOfLine(segment.startLine);
  return { header, delimiters, rows, sourceLength };
}

/** Builds a table; undefined when it is too wide, or its props would be out of proportion to its source. */
export function buildTable(grid: Grid): Built<'table', TableProps> | undefined {
  const width = grid.rows.reduce((widest, row) => Math.max(widest, row.length), grid.header.length);
  if (width > MAX_COLUMNS) return undefined;
  const columns = columnNames(grid.header, width);
  if (propsLength(grid, columns) > Math.max(MAX_FREE_LENGTH, MAX_GROWTH * grid.sourceLength)) return undefined;
  // Object.fromEntries defines keys and never assigns them: a column called `__proto__` is a column.
  const rows = grid.rows.map((row) => Object.fromEntries(columns.map((name, column) => [name, row[column] ?? ''])));
  const sortable = rows.length > 1 && grid.rows.every((row) => row.length === width);
  const align = columns.map((_, column) => alignmentOf(grid.delimiters[column] ?? ''));
  const props = { columns, rows, sortable, ...(align.some((side) => side !== null) && { align }) };
  const description = `${countOf(width, 'column')}, ${countOf(rows.length, 'row')}`;
  return { component: 'table', props, confidence: 1, description };
}

/** Unique names for `width` columns: an empty one becomes `Column 3`, a second `Name` becomes `Name (2)`. */
export function columnNames(header: readonly string[], width: number): string[] {
  const taken = new Set<string>();
  const lastSuffix = new Map<string, number>();
  const names: string[] = [];
  for (let column = 0; column < width; column++) {
    const base = header[column] || `Column ${column + 1}`;
    let name = base;
    let suffix = lastSuffix.get(base) ?? 1;
    while (taken.has(name)) {
      suffix++;
      name = `${base} (${suffix})`;
    }
    lastSuffix.set(base, suffix);
    taken.add(name);
    names.push(name);
  }
  return names;
}

function propsLength(grid: Grid, columns: readonly string[]): number {
  const rowLength = columns.reduce((sum, name) => sum + name.length + CELL_OVERHEAD_LENGTH, 0);
  return rowLength * (grid.rows.length + 1) + grid.sourceLength;
}

function alignmentOf(delimiter: string): 'left' | 'center' | 'right' | null {
  const left = delimiter.startsWith(':');
  const right = delimiter.endsWith(':');
  if (left && right) return 'center';
  if (left) return 'left';
  return right ? 'right' : null;
}
