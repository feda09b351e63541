import { DAY_MS, HOUR_MS } from './clock.ts';
import { addDurations, type Durations } from './durations.ts';
import type { RenderEvent } from './render-event.ts';
import type { Verdict } from './verdict.ts';

/** Why a secret that is known was refused. */
export const REFUSALS = ['revoked', 'superseded', 'expired', 'archived'] as const satisfies readonly Verdict['kind'][];

export type Refusal = (typeof REFUSALS)[number];

export const USAGE_OUTCOMES = ['served', 'clientErrors', 'serverErrors', 'rateLimited', ...REFUSALS] as const;

/** How the renderer answered, as statistics count it. Each answer to a known key is exactly one of these. */
export type UsageOutcome = (typeof USAGE_OUTCOMES)[number];

export type UsageCounts = Readonly<Record<UsageOutcome, number>>;

export const NO_USAGE: UsageCounts = {
  served: 0,
  clientErrors: 0,
  serverErrors: 0,
  rateLimited: 0,
  revoked: 0,
  superseded: 0,
  expired: 0,
  archived: 0,
};

/** Where counts belong: to a secret of a key in one hour. */
export interface UsagePlace {
  readonly keyId: string;
  readonly secretOrdinal: number;
  /** Came while this secret was the old one of a rotated key; counted apart, so that the share on the old secret is exact. */
  readonly inGrace: boolean;
  /** Epoch milliseconds at which the hour starts; of what is long past, the day. */
  readonly hour: number;
}

/** One for each place. */
export interface UsageRow extends UsagePlace, UsageCounts {
  /** Of the accepted requests that were answered to their end. */
  readonly durations: Durations;
}

/** A row that is being added up. */
export type UsageSum = UsagePlace & Record<UsageOutcome, number> & { readonly durations: Map<number, number> };

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
  /** The time now; `null` where somebody else keeps time. */
  readonly at: number | null;
}

export function hourOf(time: number): number {
  return time - (time % HOUR_MS);
}

/** Start of the day in UTC, where a day has 24 hours all year round. */
export function dayOf(time: number): number {
  return time - (time % DAY_MS);
}

/** Which counter an answer belongs to. Refusals and the limit stand apart; every other 4xx is the caller's, every 5xx ours. */
export function outcomeOf({
  status,
  verdict,
  isInterrupted,
}: Pick<RenderEvent, 'status' | 'verdict' | 'isInterrupted'>): UsageOutcome {
  if (isInterrupted || status >= 500) return 'serverErrors';
  if (verdict === 'rate_limited') return 'rateLimited';
  if (isRefusal(verdict)) return verdict;
  return status >= 400 ? 'clientErrors' : 'served';
}

function isRefusal(verdict: Verdict['kind']): verdict is Refusal {
  return (REFUSALS as readonly string[]).includes(verdict);
}

export function emptySum({ keyId, secretOrdinal, inGrace, hour }: UsagePlace): UsageSum {
  return { keyId, secretOrdinal, inGrace, hour, ...NO_USAGE, durations: new Map() };
}

/** Adds a row to the sum of its place. */
export function addRow(sum: UsageSum, row: UsageRow): void {
  addCounts(sum, row);
  addDurations(sum.durations, row.durations);
}

/** Throws unless the counts are whole numbers from 0 on: who adds up others does not see them in the sum any more. */
export function requireCounts(counts: UsageCounts): void {
  for (const outcome of USAGE_OUTCOMES) {
    const count = counts[outcome];
    if (!Number.isSafeInteger(count) || count < 0) throw new Error(`${count} is not a count of answers`);
  }
}

export function totalUsage(rows: readonly UsageCounts[]): UsageCounts {
  const total = { ...NO_USAGE };
  for (const row of rows) addCounts(total, row);
  return total;
}

function addCounts(sum: Record<UsageOutcome, number>, counts: UsageCounts): void {
  for (const outcome of USAGE_OUTCOMES) sum[outcome] += counts[outcome];
}
