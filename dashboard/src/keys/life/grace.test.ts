import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/clock.ts';
import { DEFAULT_GRACE_MS, MAX_GRACE_MS } from '../../../../src/core/rotation.ts';
import { DEFAULT_STOP, GRACE_STOPS_MS, spanText } from './grace.ts';

it.each([
  [0, '0 s'],
  [-5, '0 s'],
  [999, '0 s'],
  [9_000, '9 s'],
  [4 * MINUTE_MS + 9_500, '4 min 9 s'],
  [HOUR_MS, '1 h'],
  [DAY_MS - 1, '23 h 59 min'],
  [6 * DAY_MS + 23 * HOUR_MS + 59 * MINUTE_MS, '6 d 23 h'],
  [DAY_MS + 5 * MINUTE_MS, '1 d'],
])('a span of %i ms is %s', (spanMs, text) => {
  expect(spanText(spanMs)).toBe(text);
});

it('a countdown has seconds on its last day', () => {
  expect(spanText(23 * HOUR_MS + 59 * MINUTE_MS + 8_000, 3)).toBe('23 h 59 min 8 s');
  expect(spanText(2 * DAY_MS + HOUR_MS + 8_000, 3)).toBe('2 d 1 h');
});

it('the slider goes from nothing to the longest grace window there is, and begins at that of the server', () => {
  expect([GRACE_STOPS_MS[0], GRACE_STOPS_MS.at(-1)]).toEqual([0, MAX_GRACE_MS]);
  expect(GRACE_STOPS_MS[DEFAULT_STOP]).toBe(DEFAULT_GRACE_MS);
  expect(GRACE_STOPS_MS).toEqual(GRACE_STOPS_MS.toSorted((left, right) => left - right));
});
