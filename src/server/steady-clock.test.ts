import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { DAY_MS, HOUR_MS } from '../core/clock.ts';
import { createSteadyClock } from './steady-clock.ts';

describe('the steady clock', () => {
  it('never runs backwards, is never behind the wall clock or what was persisted, and goes on when the wall clock is set back', () => {
    const jump = fc.record({
      elapsedMs: fc.nat(DAY_MS),
      wallJumpMs: fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
    });
    fc.assert(
      fc.property(fc.array(jump), fc.integer({ min: -DAY_MS, max: DAY_MS }), (jumps, lead) => {
        let [wall, monotonic] = [NOON, 12.5];
        const clock = createSteadyClock({ wallNow: () => wall, monotonicNow: () => monotonic }, NOON + lead);
        let last = clock.now();
        expect(last).toBe(Math.max(NOON, NOON + lead));
        for (const { elapsedMs, wallJumpMs } of jumps) {
          monotonic += elapsedMs;
          wall += elapsedMs + wallJumpMs;
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(last + elapsedMs);
          expect(now).toBeGreaterThanOrEqual(Math.floor(wall));
          last = now;
        }
      }),
    );
  });

  it('keeps an hour that was set back from coming twice', () => {
    let wall = NOON;
    const clock = createSteadyClock({ wallNow: () => wall, monotonicNow: () => 0 }, 0);
    clock.now();
    wall -= HOUR_MS;
    expect(clock.now()).toBe(NOON);
  });
});
