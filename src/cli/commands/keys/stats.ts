import type { Command } from 'commander';
import { isoTime, isoTimeOrNull } from '../../../api/bounds.ts';
import { statsJson } from '../../../api/key-answers.ts';
import { DEFAULT_WINDOW_MS } from '../../../api/key-requests.ts';
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts';
import type { KeyStats, PreviousSecretUse, RateLimitHeadroom } from '../../../core/key-service.ts';
import { maskedStart } from '../../../core/secret.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { formatDuration, parseDuration } from '../../duration.ts';
import { type Fact, printFacts } from '../../facts.ts';
import { resolveKey } from '../../key-id.ts';
import { callerLabel, keyLabel } from '../../key-label.ts';
import type { Output } from '../../output.ts';
import { localTime, relativeTime } from '../../relative-time.ts';
import { sparkline } from '../../sparkline.ts';
import { visible } from '../../visible-text.ts';

interface StatsOptions {
  readonly since?: string;
}

const MAX_BARS = 48;
const NOTHING = '–';

/** `outkit keys stats` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Shows what a key was used for, and how much of its rate limit is left. Reading spends nothing of it.')
    .argument('<keyId>', 'id of the key, or the start of it')
    .option('--since <span>', 'window: 24h, 7d or 30d, in whole hours (default: 24h)')
    .action((keyId: string, options: StatsOptions) => launch((context) => stats(keyId, options, context)));
  addHelp(command, {
    examples: ['outkit keys stats key_7hq3m2xk9tqw4bnz', 'outkit keys stats key_7hq3m2xk9tqw4bnz --since 7d --json'],
    output: [
      'terminal  counts of the window, error rate, headroom, and a line of bars',
      'pipe      field and value separated by a tab, times in ISO 8601',
      '--json    {id, served, errorRate, clientErrors, serverErrors, rateLimited, lastUsedAt, rateLimit, series, …}',
    ],
    exitCodes: ['3 no such key'],
  });
}

async function stats(keyId: string, options: StatsOptions, context: CommandContext): Promise<undefined> {
  const rule = { flag: '--since', minMs: HOUR_MS, maxMs: 30 * DAY_MS, argv: context.argv };
  const windowMs = options.since === undefined ? DEFAULT_WINDOW_MS : parseDuration(options.since, rule);
  const session = await context.session();
  const key = await resolveKey(keyId, session, { argv: context.argv, wholeId: false });
  const found = await session.keys.stats(key.id, windowMs);
  const { output, io } = context;
  if (output.isJson) output.document(statsJson(found));
  else if (output.isTerminal) printForPeople(found, io.now(), output);
  else for (const [field, value] of fieldsOf(found)) output.line(`${field}\t${value}`);
}

function printForPeople(found: KeyStats, now: number, output: Output): void {
  output.line(`${output.colours.bold(keyLabel(found))}  ${found.status}`);
  output.line(`Last ${formatDuration(found.windowMs)}, since ${localTime(found.since)}`);
  const requests = found.series.map(
    (point) => point.served + point.clientErrors + point.serverErrors + point.rateLimited + point.refused,
  );
  printFacts(
    [
      ['Renders served', String(found.served)],
      ['Error rate', errorRateText(found)],
      ['Refused', String(found.refused)],
      ['Rate limited', String(found.rateLimited)],
      ['Last used', relativeTime(found.lastUsedAt, now)],
      ['Headroom', headroom(found.rateLimit, now)],
      ['Requests', sparkline(requests, Math.min(MAX_BARS, Math.max(1, output.columns - 20)))],
    ],
    output,
  );
  if (found.previousSecret === null) return;
  output.line(`\nGrace window: the old secret is accepted until ${localTime(found.previousSecret.acceptedUntil)}`);
  printFacts(graceLines(found.previousSecret, now), output);
}

function errorRateText({ errorRate, clientErrors, serverErrors }: KeyStats): string {
  if (errorRate === null) return NOTHING;
  return `${percent(errorRate)} (${clientErrors} of the caller, ${serverErrors} of the server)`;
}

/** `88 of 100 left, resets in 23 s` */
function headroom({ limit, remaining, resetAt }: RateLimitHeadroom, now: number): string {
  const left = `${remaining} of ${limit} left`;
  return resetAt === null ? left : `${left}, resets in ${Math.max(0, Math.ceil((resetAt - now) / 1000))} s`;
}

function graceLines(old: PreviousSecretUse, now: number): readonly Fact[] {
  const { start, share, answered, lastUse } = old;
  return [
    ['Old secret', maskedStart(visible(start))],
    ['Share', share === null ? NOTHING : `${percent(share)} of the traffic (${answered})`],
    ['Last caller', lastUse === null ? 'nobody since the rotation' : callerLabel(lastUse, now)],
    ['Safe to end', `${old.safeToEnd ? 'yes' : 'no'}: ${whyEnd(old, now)}`],
  ];
}

function whyEnd({ share, lastUse }: PreviousSecretUse, now: number): string {
  if (lastUse !== null) return `the old secret was last used ${relativeTime(lastUse.at, now)}`;
  return share === null ? 'nobody has used the new secret yet' : 'since the rotation only the new secret was used';
}

function percent(part: number): string {
  const value = part * 100;
  return `${value !== 0 && value < 0.1 ? '<0.1' : Number(value.toFixed(1))} %`;
}

function fieldsOf(found: KeyStats): readonly Fact[] {
  const { rateLimit, previousSecret: old } = found;
  const fields: Fact[] = [
    ['id', visible(found.id)],
    ['name', visible(found.name)],
    ['environment', found.environment],
    ['status', found.status],
    ['since', isoTime(found.since)],
    ['served', String(found.served)],
    ['errorRate', found.errorRate === null ? NOTHING : String(found.errorRate)],
    ['clientErrors', String(found.clientErrors)],
    ['serverErrors', String(found.serverErrors)],
    ['refused', String(found.refused)],
    ['rateLimited', String(found.rateLimited)],
    ['lastUsedAt', isoTimeOrNull(found.lastUsedAt) ?? 'never'],
    ['rateLimit', String(rateLimit.limit)],
    ['remaining', String(rateLimit.remaining)],
    ['resetAt', isoTimeOrNull(rateLimit.resetAt) ?? NOTHING],
  ];
  if (old === null) return fields;
  const lastCaller = old.lastUse === null ? NOTHING : `${visible(old.lastUse.ip)} ${visible(old.lastUse.agent)}`;
  return [
    ...fields,
    ['oldSecret', maskedStart(visible(old.start))],
    ['oldSecretAcceptedUntil', isoTime(old.acceptedUntil)],
    ['oldSecretShare', old.share === null ? NOTHING : String(old.share)],
    ['oldSecretLastUsedSinceRotation', isoTimeOrNull(old.lastUse?.at ?? null) ?? 'never'],
    ['oldSecretLastCaller', lastCaller],
    ['oldSecretSafeToEnd', old.safeToEnd ? 'yes' : 'no'],
  ];
}
