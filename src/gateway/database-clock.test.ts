import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DatabaseClock } from './database-clock.ts';

/** How long each way to the database took, and how long ago that is. */
const synchronisation = fc.record({ thereMs: fc.nat(5_000), backMs: fc.nat(5_000), agoMs: fc.nat(20_000) });

interface Synchronisation {
  readonly thereMs: number;
  readonly backMs: number;
  readonly agoMs: number;
}

/** A clock whose gateway has a monotonic clock of its own, in a world where it is now `nowMs` in the database. */
function clockOf({ thereMs, backMs, agoMs }: Synchronisation, originMs: number, nowMs: number): DatabaseClock {
  let monotonicMs = nowMs - originMs - agoMs;
  const clock = new DatabaseClock(() => monotonicMs);
  clock.set(monotonicMs - backMs - thereMs, nowMs - agoMs - backMs);
  monotonicMs = nowMs - originMs;
  return clock;
}

it('what ends at a time that one gateway calls reached has ended by the clock of every other, however slow their answers were', () => {
  fc.assert(
    fc.property(synchronisation, synchronisation, fc.nat(1_000_000), (one, other, originMs) => {
      const nowMs = 2_000_000;
      const endsAt = clockOf(one, originMs, nowMs).reached();
      expect(endsAt).toBeLessThanOrEqual(nowMs);
      expect(clockOf(other, 0, nowMs).now()).toBeGreaterThanOrEqual(endsAt);
    }),
  );
});

it('neither clock runs back after a quicker answer', () => {
  let monotonicMs = 1_000;
  const clock = new DatabaseClock(() => monotonicMs);
  clock.set(0, 50_500);
  expect([clock.reached(), clock.now()]).toEqual([50_500, 51_500]);
  monotonicMs = 1_010;
  expect(clock.reached()).toBe(50_510);
  clock.set(1_009, 50_505);
  expect([clock.reached(), clock.now()]).toEqual([50_510, 51_500]);
});
