import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDuration, addDurations, type Durations, latencyOf } from './durations.ts';

function durationsOf(valuesUs: readonly number[]): Map<number, number> {
  const durations = new Map<number, number>();
  for (const value of valuesUs) addDuration(durations, value);
  return durations;
}

const ofValues = fc.array(fc.double({ min: 1, max: 3.6e9, noNaN: true }), { minLength: 1, maxLength: 300 });

/** Nearest rank. */
function trueQuantileMs(valuesUs: readonly number[], quantile: number): number {
  const sorted = [...valuesUs].sort((left, right) => left - right);
  return (sorted[Math.ceil(sorted.length * quantile) - 1] ?? 0) / 1000;
}

describe('durations', () => {
  it('give quantiles within 5 % of the true ones, from a microsecond to an hour', () => {
    fc.assert(
      fc.property(ofValues, (values) => {
        const latency = latencyOf(durationsOf(values));
        for (const [found, quantile] of [
          [latency?.p50Ms, 0.5],
          [latency?.p95Ms, 0.95],
          [latency?.p99Ms, 0.99],
        ] as const) {
          const exact = trueQuantileMs(values, quantile);
          // Half a unit of the third digit comes on top.
          expect(Math.abs((found ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.0535);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('add up to what all values together would give', () => {
    fc.assert(
      fc.property(ofValues, ofValues, (left, right) => {
        const sum = durationsOf(left);
        addDurations(sum, durationsOf(right));
        expect(sum).toEqual(durationsOf([...left, ...right]));
      }),
      { seed: 7 },
    );
  });

  it('have few buckets, whatever they are of', () => {
    const extremes = durationsOf([0, -1, 0.3, 1, 3.6e9, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY]);
    expect([...extremes]).toEqual([
      [0, 4],
      [231, 3],
    ]);
  });

  it('have no quantile when there are none', () => {
    const none: Durations = new Map();
    expect(latencyOf(none)).toBeNull();
  });
});
