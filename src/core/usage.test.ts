import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { DAY_MS, HOUR_MS } from './clock.ts';
import { dayOf, NO_USAGE, outcomeOf, REFUSALS } from './usage.ts';
import { errorRate, totalsOf, usageSeries } from './usage-series.ts';
import type { Verdict } from './verdict.ts';

describe('usage', () => {
  it('counts each answer in one place', () => {
    const outcome = (status: number, verdict: Verdict['kind'] = 'accepted', isInterrupted = false) =>
      outcomeOf({ status, verdict, isInterrupted });
    expect([200, 400, 413, 422, 500, 503].map((status) => outcome(status))).toEqual([
      'served',
      'clientErrors',
      'clientErrors',
      'clientErrors',
      'serverErrors',
      'serverErrors',
    ]);
    expect(REFUSALS.map((refusal) => outcome(401, refusal))).toEqual(REFUSALS);
    expect(outcome(429, 'rate_limited')).toBe('rateLimited');
    expect([outcome(200, 'accepted', true), outcome(401, 'revoked', true), outcome(500, 'revoked')]).toEqual([
      'serverErrors',
      'serverErrors',
      'serverErrors',
    ]);
  });

  it('has every refusal by itself, and all of them in one number', () => {
    const counts = { ...NO_USAGE, served: 9, revoked: 1, superseded: 2, expired: 4, archived: 8 };
    expect(totalsOf(counts)).toEqual({
      served: 9,
      clientErrors: 0,
      serverErrors: 0,
      rateLimited: 0,
      refused: 15,
      refusals: { revoked: 1, superseded: 2, expired: 4, archived: 8 },
    });
  });

  it('takes the error rate over what was answered, and has none when nothing was', () => {
    expect(
      errorRate(totalsOf({ ...NO_USAGE, served: 6, clientErrors: 1, serverErrors: 1, revoked: 50, rateLimited: 9 })),
    ).toBe(0.25);
    expect(errorRate(totalsOf({ ...NO_USAGE, revoked: 3 }))).toBeNull();
  });

  it('gives every hour a point, quiet ones too, and the points add up to the total', () => {
    const row = { ...NO_USAGE, inGrace: false };
    const rows = [
      { ...row, hour: NOON, served: 2 },
      { ...row, hour: NOON + 2 * HOUR_MS, served: 1, serverErrors: 4 },
      { ...row, hour: NOON + 2 * HOUR_MS, served: 5, revoked: 3, archived: 4, inGrace: true },
    ];
    const series = usageSeries(rows, 'hour', NOON + 5, NOON + 3 * HOUR_MS + 5);
    expect(series.map((point) => point.served)).toEqual([2, 0, 6, 0]);
    expect(series.map((point) => point.onPreviousSecret)).toEqual([0, 0, 5, 0]);
    expect(series.map((point) => point.refused)).toEqual([0, 0, 7, 0]);
    expect(series.map((point) => point.at)).toEqual([0, 1, 2, 3].map((hours) => NOON + hours * HOUR_MS));
  });

  it('gives days of UTC, of hours and of what was added up to days alike', () => {
    const today = dayOf(NOON);
    const row = { ...NO_USAGE, inGrace: false };
    const rows = [
      { ...row, hour: today - 2 * DAY_MS, served: 1 },
      { ...row, hour: today - 2 * DAY_MS + 23 * HOUR_MS, served: 2 },
      { ...row, hour: today - HOUR_MS, served: 4 },
      { ...row, hour: today, served: 8 },
    ];
    const series = usageSeries(rows, 'day', today - 2 * DAY_MS, NOON);
    expect(series.map(({ at, served }) => [at - today, served])).toEqual([
      [-2 * DAY_MS, 3],
      [-DAY_MS, 4],
      [0, 8],
    ]);
  });
});
