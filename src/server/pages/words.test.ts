import { expect, it } from 'vitest';
import { NOON } from '../../../test/key-builder.ts';
import { agoText, spacedCode, timeHtml, waitText } from './words.ts';

it.each([
  [0, '1 second'],
  [1, '1 second'],
  [59_001, '60 seconds'],
  [60_000, '60 seconds'],
  [60_001, '2 minutes'],
  [3_600_001, '2 hours'],
  [86_400_001, '2 days'],
])('a wait of %i ms is never told too short: %s', (spanMs, expected) => {
  expect(waitText(spanMs)).toBe(expected);
});

it.each([
  [-5000, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [7_199_999, '1 hour ago'],
  [172_800_000, '2 days ago'],
])('what was %i ms ago is %s', (agoMs, expected) => {
  expect(agoText(NOON - agoMs, NOON)).toBe(expected);
});

it('a time says its zone, and a code is in two halves', () => {
  expect(timeHtml(NOON).text).toBe('<time datetime="2026-01-31T12:00:00.000Z">31 Jan 2026, 12:00 UTC</time>');
  expect(spacedCode('BCDFGHJK')).toBe('BCDF-GHJK');
});
