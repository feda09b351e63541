import type { Command } from 'commander';
import { DAY_MS } from '../../core/clock.ts';
import { OutkitError } from '../../core/errors.ts';
import type { ListEvents } from '../../core/event-service.ts';
import type { EventFilter } from '../../core/render-event.ts';
import type { CommandContext } from '../command.ts';
import { withFlagValue } from '../command-line.ts';
import { parseDuration } from '../duration.ts';
import { resolveKey } from '../key-id.ts';
import type { Session } from '../session.ts';

/** What `outkit logs` and `outkit logs tail` take alike. */
export interface EventFlags {
  readonly profile?: string;
  readonly allProfiles?: boolean;
  readonly key?: string;
  readonly status?: string;
  readonly path?: string;
  readonly since?: string;
  readonly limit?: string;
}

/** Which events are asked for, without the profile. */
export type EventChoice = EventFilter & Pick<ListEvents, 'allProfiles' | 'since'>;

const MIN_SINCE_MS = 1000;
const MAX_SINCE_MS = 3650 * DAY_MS;
const PATH_PATTERN = /^\/[A-Za-z0-9/_.-]{0,127}$/;
const LOWEST_STATUS = 100;
const HIGHEST_STATUS = 599;

export function addEventFlags(command: Command, limitWords: string): Command {
  return command
    .option('--profile <id>', 'another profile; the active one stays')
    .option('--all-profiles', 'all profiles of the team')
    .option('--key <id>', 'only this key; the start of its id will do')
    .option('--status <range>', "only 404, 4xx, '>=400' or 500..599")
    .option('--path <path>', 'only this path, such as /render/enhance')
    .option('--since <span>', 'no older than 30s, 10m or 24h')
    .option('-n, --limit <n>', limitWords);
}

/** Reads the flags. Throws `usage` for a flag that breaks its rule, before the server is asked; the key is looked up there. */
export async function readEventFlags(
  flags: EventFlags,
  { io, argv, session }: CommandContext,
): Promise<{ choice: EventChoice; opened: Session }> {
  const rule = { flag: '--since', minMs: MIN_SINCE_MS, maxMs: MAX_SINCE_MS, argv };
  const choice = {
    allProfiles: flags.allProfiles === true,
    since: flags.since === undefined ? null : io.now() - parseDuration(flags.since, rule),
    status: flags.status === undefined ? null : parseStatus(flags.status, argv),
    path: flags.path === undefined ? null : parsePath(flags.path, argv),
  };
  const opened = await session();
  const { key } = flags;
  const keyId = key === undefined ? null : (await resolveKey(key, opened, { argv, wholeId: false })).id;
  return { choice: { ...choice, keyId }, opened };
}

/** Reads `404`, `4xx`, `>=400` or `500..599` as inclusive bounds, or throws `usage`. */
export function parseStatus(text: string, argv: readonly string[]): { readonly min: number; readonly max: number } {
  const hundred = /^([1-5])xx$/i.exec(text)?.[1];
  if (hundred !== undefined) return { min: Number(hundred) * 100, max: Number(hundred) * 100 + 99 };
  const [, least, only, from, to] = /^(?:>=(\d{3})|(\d{3})|(\d{3})\.\.(\d{3}))$/.exec(text) ?? [];
  const min = Number(least ?? only ?? from);
  const max = least === undefined ? Number(only ?? to) : HIGHEST_STATUS;
  if (min >= LOWEST_STATUS && min <= max && max <= HIGHEST_STATUS) return { min, max };
  const what = '--status takes a status or a range from 100 to 599, such as 404, 4xx, >=400 or 500..599';
  throw new OutkitError('usage', what, withFlagValue(argv, '--status', '4xx'));
}

function parsePath(text: string, argv: readonly string[]): string {
  if (PATH_PATTERN.test(text)) return text;
  const what = '--path takes a whole path without a query, such as /render/enhance';
  throw new OutkitError('usage', what, withFlagValue(argv, '--path', '/render/enhance'));
}

/** Reads a number of events from `least` to `most`, or throws `usage`. */
export function parseLimit(text: string, least: number, most: number, argv: readonly string[]): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  const flag = argv.some((argument) => argument.startsWith('--limit')) ? '--limit' : '-n';
  const what = `${flag} takes a whole number from ${least} to ${most}`;
  throw new OutkitError('usage', what, withFlagValue(argv, flag, '20'));
}
