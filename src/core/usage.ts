import { HOUR_MS } from './clock.ts';
import type { RenderEvent } from './render-event.ts';

/** How the renderer answered, as statistics count it. Each answer to a known key is exactly one of these. */
export type UsageOutcome = 'served' | 'clientErrors' | 'serverErrors' | 'rateLimited' | 'refused';

export type UsageCounts = Readonly<Record<UsageOutcome, number>>;

export const NO_USAGE: UsageCounts = { served: 0, clientErrors: 0, serverErrors: 0, rateLimited: 0, refused: 0 };

/** Counts of one secret of a key in one hour. `hour` is the epoch millisecond at which the hour starts. One row for each of the four. */
export interface UsageRow extends UsageCounts {
  readonly keyId: string;
  readonly secretOrdinal: number;
  /** Came while this secret was the old one of a rotated key; counted apart, so that the share on the old secret is exact. */
  readonly inGrace: boolean;
  readonly hour: number;
}

/** The latest accepted use of one secret of a key. */
export interface LastUse {
  readonly keyId: string;
  readonly secretOrdinal: number;
  readonly at: number;
  readonly ip: string;
  readonly agent: string;
}

/** How far counts and events of a journal have been written: everything of that epoch before `position`. */
export interface JournalPosition {
  /** Of the process that wrote the journal. */
  readonly epoch: string;
  readonly position: number;
}

/** What is written at once: what was counted since the last time, and the events of the same answers. */
export interface UsageBatch {
  readonly rows: readonly UsageRow[];
  readonly lastUses: readonly LastUse[];
  /** In the order in which they happened. */
  readonly events: readonly RenderEvent[];
  /** `null` without a journal. */
  readonly journal: JournalPosition | null;
  /** The time now. */
  readonly at: number;
}

/** Counts of one hour, over all secrets of a key. */
export interface UsagePoint extends UsageCounts {
  readonly hour: number;
}

export function hourOf(time: number): number {
  return time - (time % HOUR_MS);
}

/** Which counter an answer belongs to. 401 is a refusal, 429 the limit; every other 4xx is the caller's, every 5xx ours. */
export function outcomeOfStatus(status: number): UsageOutcome {
  if (status === 401) return 'refused';
  if (status === 429) return 'rateLimited';
  if (status >= 500) return 'serverErrors';
  return status >= 400 ? 'clientErrors' : 'served';
}

export function addUsage(left: UsageCounts, right: UsageCounts): UsageCounts {
  return {
    served: left.served + right.served,
    clientErrors: left.clientErrors + right.clientErrors,
    serverErrors: left.serverErrors + right.serverErrors,
    rateLimited: left.rateLimited + right.rateLimited,
    refused: left.refused + right.refused,
  };
}

export function totalUsage(rows: readonly UsageCounts[]): UsageCounts {
  return rows.reduce<UsageCounts>(addUsage, NO_USAGE);
}

/** (client + server errors) / (served + client + server errors); `null` when nothing was answered. Refusals stand apart. */
export function errorRate(counts: UsageCounts): number | null {
  const errors = counts.clientErrors + counts.serverErrors;
  const answered = counts.served + errors;
  return answered === 0 ? null : errors / answered;
}

/** One point for each hour from the hour of `since` to that of `until`, quiet hours too. */
export function hourlySeries(rows: readonly UsageRow[], since: number, until: number): UsagePoint[] {
  const points = new Map<number, UsagePoint>();
  for (let hour = hourOf(since); hour <= until; hour += HOUR_MS) points.set(hour, { hour, ...NO_USAGE });
  for (const row of rows) {
    const point = points.get(row.hour);
    if (point !== undefined) points.set(row.hour, { hour: row.hour, ...addUsage(point, row) });
  }
  return [...points.values()];
}
