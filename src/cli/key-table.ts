import { isoTime } from '../api/bounds.ts';
import type { KeySummary } from '../core/key-service.ts';
import { maskedStart } from '../core/secret.ts';
import { shorten } from './columns.ts';
import type { Colours, Output } from './output.ts';
import { relativeTime } from './relative-time.ts';
import { type TableSetting, tableLayout, tableLine } from './table.ts';
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
const LAST_USED_COLUMN = 4;

/** The name is shortened first, then the environment. On narrow terminals even the heading of LAST USED gives way to the key. */
const SETTINGS: readonly TableSetting[] = [
  {
    gap: 2,
    shortened: [
      [NAME_COLUMN, 6],
      [ENVIRONMENT_COLUMN, 5],
    ],
    narrowHeadings: [],
  },
  {
    gap: 1,
    shortened: [
      [NAME_COLUMN, 3],
      [ENVIRONMENT_COLUMN, 3],
    ],
    narrowHeadings: [LAST_USED_COLUMN],
  },
];

/** Prints keys: a table, cards where a table does not fit, tab-separated lines where nobody looks. `withSecrets` adds former secrets. */
export function printKeys(keys: readonly KeySummary[], withSecrets: boolean, now: number, output: Output): void {
  const rows = keys.flatMap((key) => (withSecrets ? [keyRow(key), ...secretRows(key)] : [keyRow(key)]));
  if (!output.isTerminal) {
    for (const row of rows) output.line(tabSeparated(row));
    return;
  }
  const cells = rows.map((row) => cellsOf(row, now));
  const layout = tableLayout(HEADER, cells, SETTINGS, output.columns);
  if (layout === null) {
    for (const row of rows) printCard(row, now, output);
    return;
  }
  output.line(output.colours.bold(tableLine(HEADER, layout).trimEnd()));
  rows.forEach((row, index) => {
    const start = tableLine((cells[index] ?? []).slice(0, -1), layout);
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
