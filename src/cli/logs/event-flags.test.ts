import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import { parseLimit, parseStatus } from './event-flags.ts';

function hintOf(run: () => unknown): string | null {
  try {
    run();
  } catch (error) {
    expect(error).toMatchObject({ code: 'usage' });
    return error instanceof OutkitError ? error.hint : null;
  }
  throw new Error('it was taken');
}

describe('--status', () => {
  it.each([
    ['404', 404, 404],
    ['4xx', 400, 499],
    ['5XX', 500, 599],
    ['>=400', 400, 599],
    ['500..599', 500, 599],
    ['404..404', 404, 404],
  ])('%s is from %i to %i', (text, min, max) => {
    expect(parseStatus(text, [])).toEqual({ min, max });
  });

  it.each([
    '',
    '4',
    '44',
    '4444',
    '099',
    '600',
    '6xx',
    '0xx',
    '4xx5',
    '>400',
    '>=4xx',
    '<=400',
    '500..400',
    '500..600',
    '500-599',
    '4e2',
    ' 404',
  ])('%j is refused with a command that works', (text) => {
    const argv = ['logs', '--status', text];
    expect(hintOf(() => parseStatus(text, argv))).toBe('outkit logs --status 4xx');
  });
});

describe('-n', () => {
  it('is a whole number within its bounds', () => {
    expect([parseLimit('0', 0, 1000, []), parseLimit('1000', 0, 1000, [])]).toEqual([0, 1000]);
    for (const text of ['-1', '1001', '1.5', '', 'all', '1e2']) {
      expect(hintOf(() => parseLimit(text, 0, 1000, ['logs', 'tail', '-n', text]))).toBe('outkit logs tail -n 20');
    }
    expect(hintOf(() => parseLimit('0', 1, 10, ['logs', '--limit=0']))).toBe('outkit logs --limit=20');
  });
});
