import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { emptyWindow, headroom, RATE_WINDOW_MS, spend } from './rate-limit.ts';

describe('the rate window', () => {
  it('admits exactly the limit in every window, whatever the arrivals, and never more than twice it in any minute', () => {
    const gaps = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), gaps, (limit, waits) => {
        const window = emptyWindow();
        const admitted: number[] = [];
        let now = NOON;
        for (const wait of waits) {
          now += wait;
          const { remaining } = headroom(window, limit, now);
          const spent = spend(window, limit, now);
          expect(spent.isWithin).toBe(remaining > 0);
          expect(spent).toEqual({ isWithin: spent.isWithin, ...headroom(window, limit, now) });
          if (spent.isWithin) admitted.push(now);
        }
        for (const start of admitted) {
          const inMinute = admitted.filter((time) => time >= start && time < start + RATE_WINDOW_MS);
          expect(inMinute.length).toBeLessThanOrEqual(2 * limit);
        }
      }),
    );
  });

  it('is all free again a minute after its first request, and reading spends nothing', () => {
    const window = emptyWindow();
    expect(headroom(window, 2, NOON)).toEqual({ limit: 2, remaining: 2, resetAt: null });
    spend(window, 2, NOON);
    spend(window, 2, NOON + 59_999);
    expect(spend(window, 2, NOON + 59_999).isWithin).toBe(false);
    for (let read = 0; read < 3; read++) {
      expect(headroom(window, 2, NOON + 59_999)).toEqual({ limit: 2, remaining: 0, resetAt: NOON + 60_000 });
    }
    expect(spend(window, 2, NOON + 60_000).isWithin).toBe(true);
  });

  it('has nothing left, and no less, when the limit was lowered below what was used', () => {
    expect(headroom({ used: 9, endsAt: NOON + 1 }, 4, NOON).remaining).toBe(0);
  });
});
