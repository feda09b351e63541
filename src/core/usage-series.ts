import { DAY_MS, HOUR_MS } from './clock.ts';
import { dayOf, hourOf, REFUSALS, type Refusal, totalUsage, type UsageCounts, type UsagePlace } from './usage.ts';

/** Counts as people see them. */
export interface UsageTotals extends Pick<UsageCounts, 'served' | 'clientErrors' | 'serverErrors' | 'rateLimited'> {
  /** All refusals. */
  readonly refused: number;
  readonly refusals: Pick<UsageCounts, Refusal>;
}

/** Counts of one hour or day, over all secrets of a key. */
export interface UsagePoint extends Omit<UsageTotals, 'refusals'> {
  /** Epoch milliseconds at which it starts; days are those of UTC. */
  readonly at: number;
  /** Answers to an old secret in its grace window: served and errors. */
  readonly onPreviousSecret: number;
}

/** What a point of a series stands for. */
export const SERIES_STEPS = ['hour', 'day'] as const;

export type SeriesStep = (typeof SERIES_STEPS)[number];

/** Longest window in which hours are still told apart: what is older is added up to days. */
export const MAX_HOURLY_WINDOW_MS = 30 * DAY_MS;

export const MAX_WINDOW_MS = 365 * DAY_MS;

/** Longer series of hours are too fine to look at. */
const MAX_DEFAULT_HOURLY_WINDOW_MS = 7 * DAY_MS;

export function defaultStep(windowMs: number): SeriesStep {
  return windowMs <= MAX_DEFAULT_HOURLY_WINDOW_MS ? 'hour' : 'day';
}

/** Start of a window that ends now: of an hour, or of a day where only days are left. */
export function windowStart(windowMs: number, now: number): number {
  return windowMs <= MAX_HOURLY_WINDOW_MS ? hourOf(now - windowMs) : dayOf(now - windowMs);
}

/** Hours before this are in no window of hours, and can be added up to days. */
export function oldestHourNeeded(now: number): number {
  return dayOf(windowStart(MAX_HOURLY_WINDOW_MS, now));
}

export function totalsOf({ served, clientErrors, serverErrors, rateLimited, ...counts }: UsageCounts): UsageTotals {
  const { revoked, superseded, expired, archived } = counts;
  const refusals = { revoked, superseded, expired, archived };
  const refused = REFUSALS.reduce((sum, refusal) => sum + refusals[refusal], 0);
  return { served, clientErrors, serverErrors, rateLimited, refused, refusals };
}

/** (client + server errors) / (served + client + server errors); `null` when nothing was answered. Refusals stand apart. */
export function errorRate(counts: Pick<UsageCounts, 'served' | 'clientErrors' | 'serverErrors'>): number | null {
  const answered = answeredOf(counts);
  return answered === 0 ? null : (counts.clientErrors + counts.serverErrors) / answered;
}

/** Served and errors; limited and refused requests stand apart. */
export function answeredOf({
  served,
  clientErrors,
  serverErrors,
}: Pick<UsageCounts, 'served' | 'clientErrors' | 'serverErrors'>): number {
  return served + clientErrors + serverErrors;
}

/** One point for each step from that of `since` to that of `until`, quiet ones too. */
export function usageSeries(
  rows: readonly (UsageCounts & Pick<UsagePlace, 'hour' | 'inGrace'>)[],
  step: SeriesStep,
  since: number,
  until: number,
): UsagePoint[] {
  const [startOf, stepMs] = step === 'hour' ? [hourOf, HOUR_MS] : [dayOf, DAY_MS];
  const rowsAt = Map.groupBy(rows, ({ hour }) => startOf(hour));
  const points: UsagePoint[] = [];
  for (let at = startOf(since); at <= until; at += stepMs) {
    const there = rowsAt.get(at) ?? [];
    const { refusals: _, ...totals } = totalsOf(totalUsage(there));
    const onPreviousSecret = answeredOf(totalUsage(there.filter(({ inGrace }) => inGrace)));
    points.push({ at, ...totals, onPreviousSecret });
  }
  return points;
}
