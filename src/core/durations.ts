/**
 * How many durations lie in each bucket: bucket `n` holds those of more than 1.1^(n-1) and at most 1.1^n microseconds. So a quantile is
 * within 5 % of the true one, sums of distributions are exact, and none has more than 232 buckets. (DDSketch: Masson, Rim, Lee,
 * VLDB 2019.)
 */
export type Durations = ReadonlyMap<number, number>;

/** Milliseconds, each within 5 %. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** Of an hour and more. */
const LAST_BUCKET = Math.ceil(Math.log(3_600_000_000) / LOG_GROWTH);

export function addDuration(durations: Map<number, number>, durationUs: number): void {
  const bucket = durationUs <= 1 ? 0 : Math.min(LAST_BUCKET, Math.ceil(Math.log(durationUs) / LOG_GROWTH));
  durations.set(bucket, (durations.get(bucket) ?? 0) + 1);
}

export function addDurations(sum: Map<number, number>, more: Durations): void {
  for (const [bucket, count] of more) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
}

/** `null` when there is none. */
export function latencyOf(durations: Durations): Latency | null {
  const buckets = [...durations].sort(([left], [right]) => left - right);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  return {
    p50Ms: quantileMs(buckets, total * 0.5),
    p95Ms: quantileMs(buckets, total * 0.95),
    p99Ms: quantileMs(buckets, total * 0.99),
  };
}

/** The duration that `rank` of them do not exceed, as the value from which both ends of its bucket are equally far. */
function quantileMs(buckets: readonly (readonly [bucket: number, count: number])[], rank: number): number {
  let seen = 0;
  const found = buckets.find(([, count]) => {
    seen += count;
    return seen >= rank;
  });
  const durationUs = (2 * GROWTH ** (found?.[0] ?? 0)) / (1 + GROWTH);
  return Number((durationUs / 1000).toPrecision(3));
}
