import { HOUR_MS } from '../core/clock.ts';
import { addDurations, type Durations, latencyOf } from '../core/durations.ts';
import { currentSecret, type Key, keyStatusIn, previousSecret, type Secret } from '../core/key.ts';
import type { CallerUse, KeyStats, PreviousSecretUse } from '../core/key-service.ts';
import type { Profile } from '../core/profile.ts';
import { hourOf, type LastUse, totalUsage, type UsageRow } from '../core/usage.ts';
import { answeredOf, errorRate, type SeriesStep, totalsOf, usageSeries, windowStart } from '../core/usage-series.ts';
import { latest } from './key-summary.ts';

/** An old secret that nobody used for so long is taken to be replaced everywhere. */
const QUIET_MS = 4 * HOUR_MS;

export interface StatsInput {
  readonly key: Key;
  readonly profile: Profile;
  /** Rows of the window, and in a grace window also those since the rotation. */
  readonly rows: readonly UsageRow[];
  readonly lastUses: readonly LastUse[];
  readonly rateLimit: KeyStats['rateLimit'];
  readonly windowMs: number;
  readonly step: SeriesStep;
  readonly now: number;
}

/** The statistics of a key, from its counts. Pure. */
export function statsOf({ key, profile, rows, lastUses, rateLimit, windowMs, step, now }: StatsInput): KeyStats {
  const since = windowStart(windowMs, now);
  const inWindow = rows.filter((row) => row.hour >= since);
  const counts = totalUsage(inWindow);
  const previous = profile.archivedAt === null ? previousSecret(key, now) : null;
  const current = currentSecret(key);
  return {
    id: key.id,
    name: key.name,
    profileId: key.profileId,
    environment: key.environment,
    status: keyStatusIn(profile, key, now),
    windowMs,
    since,
    ...totalsOf(counts),
    errorRate: errorRate(counts),
    latency: latencyOf(durationsIn(inWindow)),
    lastUsedAt: latest(lastUses)?.at ?? null,
    rateLimit,
    currentSecret: { start: current.start, lastUse: lastUseOf(current, lastUses, current.createdAt) },
    previousSecret: previous === null ? null : previousUse(previous, rows, lastUses, now),
    step,
    series: usageSeries(inWindow, step, since, now),
  };
}

/** The oldest hour whose counts {@link statsOf} needs. */
export function firstHour(key: Key, windowMs: number, now: number): number {
  const supersededAt = previousSecret(key, now)?.supersededAt ?? now;
  return Math.min(windowStart(windowMs, now), hourOf(supersededAt));
}

function previousUse(
  secret: Secret,
  rows: readonly UsageRow[],
  lastUses: readonly LastUse[],
  now: number,
): PreviousSecretUse {
  const supersededAt = secret.supersededAt ?? 0;
  const sinceRotation = rows.filter((row) => row.hour >= hourOf(supersededAt));
  const answers = (counted: (row: UsageRow) => boolean) => answeredOf(totalUsage(sinceRotation.filter(counted)));
  const onOld = answers(({ secretOrdinal, inGrace }) => secretOrdinal === secret.ordinal && inGrace);
  const onNew = answers(({ secretOrdinal }) => secretOrdinal > secret.ordinal);
  const lastUse = lastUseOf(secret, lastUses, supersededAt);
  const isQuiet = lastUse === null || now - lastUse.at >= QUIET_MS;
  return {
    start: secret.start,
    supersededAt,
    acceptedUntil: secret.acceptedUntil ?? 0,
    answered: onOld,
    share: onOld + onNew === 0 ? null : onOld / (onOld + onNew),
    lastUse,
    // Silence alone proves nothing: whoever holds the old secret may just not have called yet. Calls with the new one do.
    safeToEnd: onNew > 0 && isQuiet,
  };
}

function durationsIn(rows: readonly UsageRow[]): Durations {
  const sum = new Map<number, number>();
  for (const { durations } of rows) addDurations(sum, durations);
  return sum;
}

/** The last use of a secret, if it was at `since` or later. */
function lastUseOf(secret: Secret, lastUses: readonly LastUse[], since: number): CallerUse | null {
  const use = lastUses.find((candidate) => candidate.secretOrdinal === secret.ordinal);
  return use === undefined || use.at < since ? null : { at: use.at, ip: use.ip, agent: use.agent };
}
