import type { Command } from 'commander';
import { summaryJson } from '../../../api/key-answers.ts';
import { collectKeys } from '../../../client/key-pages.ts';
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import type { KeySummary } from '../../../core/key-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { parseDuration } from '../../duration.ts';
import { isUnused, warnOfEnds } from '../../key-health.ts';
import { printKeys } from '../../key-table.ts';

interface ListOptions {
  readonly all?: boolean;
  readonly profile?: string;
  readonly limit?: string;
  readonly unused?: string;
}

const MAX_UNUSED_MS = 3650 * DAY_MS;

/** `outkit keys list` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Lists the keys of the active profile, without their secrets.')
    .option('--all', 'also revoked and expired keys, and former secrets')
    .option('--profile <id>', 'another profile; the active one stays')
    .option('--unused <span>', 'only keys that nobody has used for 30d, 12h or 90m')
    .option('--limit <n>', 'stop after n keys')
    .action((options: ListOptions) => launch((context) => list(options, context)));
  addHelp(command, {
    examples: ['outkit keys list', 'outkit keys list --unused 30d', 'outkit keys list --all --json'],
    output: [
      'terminal  a table: ID, NAME, KEY, ENVIRONMENT, LAST USED, STATUS; on standard error a warning for keys that expire within 7 days, and for old secrets in use that will end',
      'pipe      the same columns separated by tabs, without header, times in ISO 8601',
      '--json    {"data":[{id, name, profileId, environment, start, status, lastUsedAt, …}],"hasMore":false}',
    ],
    exitCodes: ['3 no such profile'],
  });
}

async function list(options: ListOptions, { io, argv, output, session }: CommandContext): Promise<undefined> {
  const limit = limitOf(options.limit);
  const { unused } = options;
  const rule = { flag: '--unused', minMs: MINUTE_MS, maxMs: MAX_UNUSED_MS, argv };
  const unusedMs = unused === undefined ? null : parseDuration(unused, rule);
  const fits = unusedMs === null ? null : (key: KeySummary) => isUnused(key, unusedMs, io.now());
  const { keys, inProfile } = await session();
  const includeEnded = options.all === true;
  const { profile, found } = await inProfile(options.profile, async (profileId) => ({
    profile: profileId,
    found: await collectKeys(keys, { profileId, includeEnded }, limit, fits),
  }));
  if (output.isJson) {
    output.document({ data: found.data.map(summaryJson), hasMore: found.hasMore });
    return;
  }
  printKeys(found.data, includeEnded, io.now(), output);
  if (output.isTerminal) warnOfEnds(found.data, io.now(), output);
  if (found.data.length === 0) output.note(nothingFound(options, profile));
  if (found.hasMore) output.note(`There are more than ${limit} keys. List all: leave out --limit`);
}

function nothingFound({ all, unused }: ListOptions, profile: string): string {
  const keys = `No ${all === true ? '' : 'active '}keys in ${profile}`;
  if (unused !== undefined) return `${keys} were unused for that long. All of them: outkit keys list`;
  return `${keys}. Create one: outkit keys create -n "dev key"`;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OutkitError('usage', '--limit takes a whole number from 1', 'outkit keys list --limit 20');
}
