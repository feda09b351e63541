import { isoTime } from '../api/bounds.ts';
import type { AuditFacts } from '../core/audit.ts';
import type { ListedEntry } from '../core/audit-service.ts';
import { maskedStart } from '../core/secret.ts';
import { actionWords } from './audit-words.ts';
import { shorten } from './columns.ts';
import type { Output } from './output.ts';
import { relativeTime } from './relative-time.ts';
import { type TableSetting, tableLayout, tableLine } from './table.ts';
import { visible } from './visible-text.ts';

const HEADER = ['WHEN', 'WHO', 'ACTION', 'SUBJECT', 'DETAIL'] as const;
const DETAIL_COLUMN = 4;
const SETTINGS: readonly TableSetting[] = [
  {
    gap: 2,
    shortened: [
      [DETAIL_COLUMN, 10],
      [1, 5],
    ],
    narrowHeadings: [],
  },
];
const NOTHING = '–';

/** Prints entries: a table, cards where a table does not fit, tab-separated lines where nobody looks. */
export function printAudit(entries: readonly ListedEntry[], now: number, output: Output): void {
  if (!output.isTerminal) {
    for (const entry of entries) {
      const { ip, client, session, outcome } = entry;
      const rest = [ip, client, session, outcome].map((text) => visible(text ?? NOTHING));
      output.line([...cellsOf(entry, isoTime(entry.at)), ...rest].join('\t'));
    }
    return;
  }
  const rows = entries.map((entry) => forPeople(entry, cellsOf(entry, relativeTime(entry.at, now))));
  const layout = tableLayout(HEADER, rows, SETTINGS, output.columns);
  if (layout === null) {
    for (const [when, who, action, subject, detail] of rows) {
      output.line(output.colours.bold(shorten(`${action}  ${when}  ${who}`, output.columns)));
      output.line(`  ${subject}`);
      if (detail !== '') output.line(shorten(`  ${detail}`, output.columns));
    }
    return;
  }
  if (rows.length > 0) output.line(output.colours.bold(tableLine(HEADER, layout).trimEnd()));
  for (const row of rows) output.line(tableLine(row, layout).trimEnd());
}

type Cells = readonly [when: string, who: string, action: string, subject: string, detail: string];

/** The action in words and how it went, where that is said; the session behind what differs, since it may be cut off. */
function forPeople({ action, outcome, session }: ListedEntry, [when, who, , subject, detail]: Cells): Cells {
  const went = outcome === 'failed' ? ' (failed)' : outcome === 'unknown' ? ' (outcome unknown)' : '';
  const parts = [detail, session === null ? '' : `in ${visible(session)}`].filter((part) => part !== '');
  return [when, who, visible(actionWords(action)) + went, subject, parts.join(', ')];
}

function cellsOf({ actor, action, subjectId, before, after }: ListedEntry, when: string): Cells {
  return [when, visible(actor), visible(action), visible(subjectId), visible(detailOf(before, after ?? {}))];
}

/** `plan: free → pro`, and for what is new its values without those that say nothing. */
function detailOf(before: AuditFacts | null, after: AuditFacts): string {
  // How it went stands for itself; that nobody knew it yet when this was written says nothing.
  const told = Object.entries(after).filter(([name, value]) => name !== 'outcome' || value !== 'pending');
  const words = told.map(([name, value]) => {
    const is = valueText(name, value);
    return before === null ? `${name}: ${is}` : `${name}: ${valueText(name, before[name] ?? null)} → ${is}`;
  });
  return words.join(', ');
}

function valueText(name: string, value: AuditFacts[string]): string {
  if (value === null) return NOTHING;
  return name === 'start' || name === 'oldStart' ? maskedStart(String(value)) : String(value);
}
