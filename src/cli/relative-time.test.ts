import { expect, it } from 'vitest';
import { relativeSeconds, relativeTime } from './relative-time.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

it.each([
  [null, 'never'],
  [NOW, 'just now'],
  [NOW - 59_999, 'just now'],
  [NOW - 60_000, '1m ago'],
  [NOW - 3_599_999, '59m ago'],
  [NOW - 3 * 3_600_000, '3h ago'],
  [NOW - 86_399_999, '23h ago'],
  [NOW - 400 * 86_400_000, '400d ago'],
  [NOW + 30_000, 'in under 1m'],
  [NOW + 5 * 3_600_000, 'in 5h'],
])('%s reads %s', (time, expected) => {
  expect(relativeTime(time, NOW)).toBe(expected);
});

it.each([
  [NOW, '0s ago'],
  [NOW - 59_999, '59s ago'],
  [NOW - 60_000, '1m ago'],
  [NOW + 30_000, '0s ago'],
])('%s reads %s to the second', (time, expected) => {
  expect(relativeSeconds(time, NOW)).toBe(expected);
});
