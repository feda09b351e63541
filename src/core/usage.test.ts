import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { HOUR_MS } from './clock.ts';
import { errorRate, hourlySeries, NO_USAGE, outcomeOfStatus, totalUsage } from './usage.ts';

describe('usage', () => {
  it('counts each status in one place', () => {
    const outcomes = [200, 400, 401, 413, 422, 429, 500, 503].map(outcomeOfStatus);
    expect(outcomes).toEqual([
      'served',
      'clientErrors',
      'refused',
      'clientErrors',
      'clientErrors',
      'rateLimited',
      'serverErrors',
      'serverErrors',
    ]);
  });

  it('takes the error rate over what was answered, and has none when nothing was', () => {
    expect(errorRate({ ...NO_USAGE, served: 6, clientErrors: 1, serverErrors: 1, refused: 50, rateLimited: 9 })).toBe(
      0.25,
    );
    expect(errorRate({ ...NO_USAGE, refused: 3 })).toBeNull();
  });

  it('gives every hour a point, quiet ones too, and the points add up to the total', () => {
    const row = { keyId: 'k', secretOrdinal: 1, inGrace: false, ...NO_USAGE };
    const rows = [
      { ...row, hour: NOON, served: 2 },
      { ...row, hour: NOON + 2 * HOUR_MS, served: 1, serverErrors: 4 },
      { ...row, hour: NOON + 2 * HOUR_MS, secretOrdinal: 2, served: 5 },
    ];
    const series = hourlySeries(rows, NOON + 5, NOON + 3 * HOUR_MS + 5);
    expect(series.map((point) => point.served)).toEqual([2, 0, 6, 0]);
    expect(totalUsage(series)).toEqual(totalUsage(rows));
  });
});
