import { isoTime } from '../api/bounds.ts';
import type { KeySummary } from '../core/key-service.ts';
import { maskedStart } from '../core/secret.ts';
import { padded, shorten, widthOf } from './columns.ts';
import type { Colours, Output } from './output.ts';
import { relativeTime } from './relative-time.ts';
import { visible } from './visible-text.ts';

/** One line of the list: a key, or below it a former secret of that key. */
interface Row {
  readonly isKey: boolean;
  readonly id: string;
  readonly name: string;
  readonly masked: string;
  readonly environment: string;
  /** `undefined` where nobody knows. */
  readonly lastUsedAt: number | null | undefined;
  readonly status: string;
}

const HEADER = ['ID', 'NAME', 'KEY', 'ENVIRONMENT', 'LAST USED', 'STATUS'] as const;
const NAME_COLUMN = 1;
const ENVIRONMENT_COLUMN = 3;
const MIN_NAME_WIDTH = 6;
const MIN_ENVIRONMENT_WIDTH = 5;
const GAP = 2;
const MIN_TABLE_COLUMNS = 60;

/** Prints keys: a table, cards where a table does not fit, tab-separated lines where nobody looks. `withSecrets` adds former secrets. */
export function printKeys(keys: readonly KeySummary[], withSecrets: boolean, now: number, output: Output): void {
  const rows = keys.flatMap((key) => (withSecrets ? [keyRow(key), ...secretRows(key)] : [keyRow(key)]));
  if (!output.isTerminal) {
    for (const row of rows) output.line(tabSeparated(row));
    return;
  }
  const cells = rows.map((row) => cellsOf(row, now));
  const widths = columnWidths([HEADER, ...cells], output.columns);
  if (widths === null) {
    for (const row of rows) printCard(row, now, output);
    return;
  }
  output.line(output.colours.bold(tableLine(HEADER, widths).trimEnd()));
  rows.forEach((row, index) => {
    const start = tableLine((cells[index] ?? []).slice(0, -1), widths);
    output.line(start + statusColour(row.status, output.colours));
  });
}

function keyRow(key: KeySummary): Row {
  return { ...key, isKey: true, name: visible(key.name), id: visible(key.id), masked: maskedStart(visible(key.start)) };
}

function secretRows(key: KeySummary): Row[] {
  const row = { isKey: false, id: visible(key.id), name: visible(key.name), environment: key.environment };
  const ended = key.endedSecrets.map(({ start, reason }) => ({
    ...row,
    masked: maskedStart(visible(start)),
    lastUsedAt: undefined,
    status: reason,
  }));
  const { previousSecret } = key;
  if (previousSecret === null) return ended;
  const { start, lastUsedAt } = previousSecret;
  return [{ ...row, masked: maskedStart(visible(start)), lastUsedAt, status: 'grace' }, ...ended];
}

function tabSeparated(row: Row): string {
  const lastUsed = typeof row.lastUsedAt === 'number' ? isoTime(row.lastUsedAt) : lastUsedText(row, 0);
  return [row.id, row.name, row.masked, row.environment, lastUsed, row.status].join('\t');
}

function cellsOf(row: Row, now: number): readonly string[] {
  const [id, name, environment] = row.isKey ? [row.id, row.name, row.environment] : ['', '', ''];
  return [id, name, row.masked, environment, lastUsedText(row, now), row.status];
}

function lastUsedText({ lastUsedAt }: Row, now: number): string {
  return lastUsedAt === undefined ? '' : relativeTime(lastUsedAt, now);
}

function printCard(row: Row, now: number, output: Output): void {
  const status = statusColour(row.status, output.colours);
  if (!row.isKey) {
    output.line(`  ${row.masked}  ${status}`);
    return;
  }
  output.line(output.colours.bold(shorten(row.name, output.columns)));
  output.line(`  ${row.id}  ${status}`);
  output.line(`  ${row.masked}  ${row.environment}`);
  output.line(`  last used ${lastUsedText(row, now)}`);
}

function statusColour(status: string, colours: Colours): string {
  if (status === 'active') return colours.green(status);
  return status === 'rotating' || status === 'grace' ? colours.yellow(status) : colours.red(status);
}

/** Widths of the columns, the name shortened first and then the environment; `null` when that is not enough. */
function columnWidths(lines: readonly (readonly string[])[], columns: number): number[] | null {
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  let excess = widths.reduce((sum, width) => sum + width, GAP * (HEADER.length - 1)) - columns;
  for (const [column, min] of [
    [NAME_COLUMN, MIN_NAME_WIDTH],
    [ENVIRONMENT_COLUMN, MIN_ENVIRONMENT_WIDTH],
  ] as const) {
    const width = widths[column] ?? 0;
    const cut = Math.max(0, Math.min(excess, width - min));
    widths[column] = width - cut;
    excess -= cut;
  }
  return excess > 0 || columns < MIN_TABLE_COLUMNS ? null : widths;
}

function tableLine(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, column) => padded(shorten(cell, widths[column] ?? 0), (widths[column] ?? 0) + GAP)).join('');
}
