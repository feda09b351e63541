import { isoTime, isoTimeOrNull } from '../../../api/bounds.ts';
import type { Latency } from '../../../core/durations.ts';
import type { KeyStats, PreviousSecretUse } from '../../../core/key-service.ts';
import { maskedStart } from '../../../core/secret.ts';
import { REFUSALS } from '../../../core/usage.ts';
import { formatDuration, formatMs } from '../../duration.ts';
import { type Fact, printFacts } from '../../facts.ts';
import { callerLabel, keyLabel } from '../../key-label.ts';
import type { Output } from '../../output.ts';
import { localTime, relativeTime } from '../../relative-time.ts';
import { sparkline } from '../../sparkline.ts';
import { visible } from '../../visible-text.ts';

const MAX_BARS = 48;
const NOTHING = '–';

/** Statistics as people read them, with a line of bars. */
export function printForPeople(found: KeyStats, now: number, output: Output): void {
  output.line(`${output.colours.bold(keyLabel(found))}  ${found.status}`);
  output.line(`Last ${formatDuration(found.windowMs)}, since ${localTime(found.since)}`);
  const requests = found.series.map(
    (point) => point.served + point.clientErrors + point.serverErrors + point.rateLimited + point.refused,
  );
  printFacts(
    [
      ['Renders served', String(found.served)],
      ['Error rate', errorRateText(found)],
      ['Latency', latencyText(found.latency)],
      ['Refused', refusedText(found)],
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

function latencyText(latency: Latency | null): string {
  if (latency === null) return NOTHING;
  return `p50 ${formatMs(latency.p50Ms)}, p95 ${formatMs(latency.p95Ms)}, p99 ${formatMs(latency.p99Ms)}`;
}

/** `3 (2 revoked, 1 expired)` */
function refusedText({ refused, refusals }: KeyStats): string {
  const reasons = REFUSALS.filter((reason) => refusals[reason] > 0).map((reason) => `${refusals[reason]} ${reason}`);
  return reasons.length === 0 ? String(refused) : `${refused} (${reasons.join(', ')})`;
}

/** `88 of 100 left, resets in 23 s` */
function headroom({ limit, remaining, resetAt, scope }: KeyStats['rateLimit'], now: number): string {
  const left = `${remaining} of ${limit} left${scope === 'shared' ? '' : ' at this gateway'}`;
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

function textOf(value: number | undefined): string {
  return value === undefined ? NOTHING : String(value);
}

function percent(part: number): string {
  const value = part * 100;
  return `${value !== 0 && value < 0.1 ? '<0.1' : Number(value.toFixed(1))} %`;
}

/** Statistics as scripts read them. */
export function fieldsOf(found: KeyStats): readonly Fact[] {
  const { rateLimit, latency, previousSecret: old } = found;
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
    ...REFUSALS.map((reason): Fact => [reason, String(found.refusals[reason])]),
    ['rateLimited', String(found.rateLimited)],
    ['p50Ms', textOf(latency?.p50Ms)],
    ['p95Ms', textOf(latency?.p95Ms)],
    ['p99Ms', textOf(latency?.p99Ms)],
    ['lastUsedAt', isoTimeOrNull(found.lastUsedAt) ?? 'never'],
    ['rateLimit', String(rateLimit.limit)],
    ['rateLimitScope', rateLimit.scope],
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
