import type { Command } from 'commander';
import { summaryJson } from '../../../api/key-answers.ts';
import { OutkitError } from '../../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { collectKeys } from '../../key-pages.ts';
import { printKeys } from '../../key-table.ts';

interface ListOptions {
  readonly all?: boolean;
  readonly profile?: string;
  readonly limit?: string;
}

/** `outkit keys list` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Lists the keys of the active profile, without their secrets.')
    .option('--all', 'also revoked and expired keys, and former secrets')
    .option('--profile <id>', 'another profile; the active one stays')
    .option('--limit <n>', 'stop after n keys')
    .action((options: ListOptions) => launch((context) => list(options, context)));
  addHelp(command, {
    examples: ['outkit keys list', 'outkit keys list --all --json'],
    output: [
      'terminal  a table: ID, NAME, KEY, ENVIRONMENT, LAST USED, STATUS',
      'pipe      the same columns separated by tabs, without header, times in ISO 8601',
      '--json    {"data":[{id, name, profileId, environment, start, status, lastUsedAt, …}],"hasMore":false}',
    ],
    exitCodes: ['3 no such profile'],
  });
}

async function list(options: ListOptions, { io, output, session }: CommandContext): Promise<undefined> {
  const limit = limitOf(options.limit);
  const { keys, inProfile } = await session();
  const includeEnded = options.all === true;
  const { profile, found } = await inProfile(options.profile, async (profileId) => ({
    profile: profileId,
    found: await collectKeys(keys, { profileId, includeEnded }, limit),
  }));
  if (output.isJson) {
    output.document({ data: found.data.map(summaryJson), hasMore: found.hasMore });
    return;
  }
  printKeys(found.data, includeEnded, io.now(), output);
  if (found.data.length === 0) {
    output.note(`No ${includeEnded ? '' : 'active '}keys in ${profile}. Create one: outkit keys create -n "dev key"`);
  }
  if (found.hasMore) output.note(`There are more than ${limit} keys. List all: leave out --limit`);
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OutkitError('usage', '--limit takes a whole number from 1', 'outkit keys list --limit 20');
}
