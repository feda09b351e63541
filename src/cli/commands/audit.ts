import type { Command } from 'commander';
import { auditJson, MAX_AUDIT_PAGE_SIZE } from '../../api/audit.ts';
import type { AuditService, ListAudit, ListedEntry } from '../../core/audit-service.ts';
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts';
import { OutkitError } from '../../core/errors.ts';
import { printAudit } from '../audit-table.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { resolveKey } from '../key-id.ts';
import { addTeamFlag, type TeamFlag, teamIdOf } from '../team-choice.ts';

interface AuditOptions extends TeamFlag {
  readonly since?: string;
  readonly key?: string;
  readonly limit?: string;
}

const DEFAULT_LIMIT = '50';
const MAX_SINCE_MS = 3650 * DAY_MS;

/** `outkit audit` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Shows who changed what, newest first: every change of keys, profiles, people and teams, and who signed in.',
    )
    .option('--since <span>', 'no older than 30m, 24h or 7d')
    .option('--key <id>', 'only this key; the start of its id will do')
    .option('--limit <n>', 'stop after n entries', DEFAULT_LIMIT)
    .helpCommand(false);
  addTeamFlag(command).action((options: AuditOptions) => launch((context) => audit(options, context)));
  addHelp(command, {
    examples: ['outkit audit --since 24h', 'outkit audit --key key_7hq3m2xk9tqw4bnz --json'],
    output: [
      'terminal  a table: WHEN, WHO, ACTION, SUBJECT, DETAIL',
      'pipe      the same columns separated by tabs, times in ISO 8601 and actions as --json names them, then address, program, session and outcome',
      '--json    {"data":[{seq, at, actor, session, client, ip, action, subjectId, before, after, outcome, …}],"hasMore":false}',
    ],
    exitCodes: ['3 no such key or team'],
  });
}

async function audit(options: AuditOptions, { io, argv, output, session }: CommandContext): Promise<undefined> {
  const limit = limitOf(options.limit);
  const rule = { flag: '--since', minMs: MINUTE_MS, maxMs: MAX_SINCE_MS, argv };
  const since = options.since === undefined ? null : io.now() - parseDuration(options.since, rule);
  const opened = await session();
  const { key } = options;
  const keyId = key === undefined ? null : (await resolveKey(key, opened, { argv, wholeId: false })).id;
  const teamId = await teamIdOf(options.team, opened, argv);
  const { data, hasMore } = await collect(opened.audit, { since, keyId, teamId }, limit);
  if (output.isJson) {
    output.document({ data: data.map((entry) => ({ ...auditJson(entry), outcome: entry.outcome ?? null })), hasMore });
    return;
  }
  printAudit(data, io.now(), output);
  if (data.length === 0) output.note('No changes there. All of them: outkit audit');
  if (hasMore) output.note(`There are more than ${limit} entries. See more: --limit ${limit * 10}`);
}

/** Follows the pages until the end or the limit. */
async function collect(
  { list }: AuditService,
  query: Omit<ListAudit, 'cursor' | 'limit'>,
  limit: number,
): Promise<{ data: readonly ListedEntry[]; hasMore: boolean }> {
  const data: ListedEntry[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ ...query, cursor, limit: Math.min(MAX_AUDIT_PAGE_SIZE, limit - data.length) });
    data.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && data.length < limit);
  return { data, hasMore: cursor !== null };
}

function limitOf(text = DEFAULT_LIMIT): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new OutkitError('usage', '--limit takes a whole number from 1 to 999999', 'outkit audit --limit 20');
}
