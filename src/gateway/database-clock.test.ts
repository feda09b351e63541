import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DatabaseClock } from './database-clock.ts';
import { LEASE_MS } from './lease.ts';

interface Synchronisation {
  /** How long each way to the database took, and how long it was quiet then. */
  readonly thereMs: number;
  readonly backMs: number;
  readonly quietMs: number;
}

const anyMs = fc.nat(5_000);
const synchronisation = fc.record({ thereMs: anyMs, backMs: anyMs, quietMs: fc.nat(20_000) });
/** One that a gateway may judge by: it extends a lease. */
const leasing = fc
  .record({ thereMs: fc.nat(LEASE_MS), backMs: fc.nat(LEASE_MS), quietMs: fc.nat(20_000) })
  .filter(({ thereMs, backMs }) => thereMs + backMs <= LEASE_MS);

/** A clock whose gateway has a monotonic clock of its own, and has synchronised so, in a world where it is now `nowMs` in the database. */
function clockOf(synchronisations: readonly Synchronisation[], originMs: number, nowMs: number): DatabaseClock {
  const lastedMs = synchronisations.reduce((sum, { thereMs, backMs, quietMs }) => sum + thereMs + backMs + quietMs, 0);
  let monotonicMs = originMs;
  const clock = new DatabaseClock(() => monotonicMs);
  for (const { thereMs, backMs, quietMs } of synchronisations) {
    const askedAtMs = monotonicMs;
    monotonicMs += thereMs;
    const databaseTime = nowMs - lastedMs + monotonicMs - originMs;
    monotonicMs += backMs;
    clock.set(askedAtMs, databaseTime);
    monotonicMs += quietMs;
  }
  return clock;
}

it('what ends at a time that one gateway calls reached has ended by the clock of every other with a lease, however slow its answers were since', () => {
  fc.assert(
    fc.property(synchronisation, leasing, fc.array(synchronisation), fc.nat(1_000), (one, first, later, originMs) => {
      const nowMs = 2_000_000;
      const endsAt = clockOf([one], originMs, nowMs).reached();
      expect(endsAt).toBeLessThanOrEqual(nowMs);
      expect(clockOf([first, ...later], 0, nowMs).now()).toBeGreaterThanOrEqual(endsAt);
    }),
  );
});

it('is ahead by at most a lease: an answer that took longer only says which time it is at least', () => {
  fc.assert(
    fc.property(fc.array(synchronisation, { minLength: 1 }), fc.nat(1_000), (answers, originMs) => {
      const nowMs = 2_000_000;
      const clock = clockOf(answers, originMs, nowMs);
      const { backMs = 0, quietMs = 0 } = answers.at(-1) ?? {};
      expect(clock.now()).toBeGreaterThanOrEqual(nowMs - quietMs - backMs);
      expect(clock.now()).toBeLessThanOrEqual(nowMs + LEASE_MS);
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
