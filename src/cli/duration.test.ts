import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutkitError } from '../core/errors.ts';
import { formatDuration, parseDuration } from './duration.ts';

const RULE = { flag: '--grace', minMs: 0, maxMs: 7 * 86_400_000, argv: ['keys', 'rotate', 'key_a', '--grace', '8d'] };

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['30s', 30_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('%s is %i ms', (text, spanMs) => {
    expect(parseDuration(text, RULE)).toBe(spanMs);
  });

  it.each(['', '1', '24', '-1h', '1.5h', '1e3s', ' 1h', '1h ', '1w', '1h30m', '٣h', '1H', '9999999999s'])(
    '%j is refused in one line that names the flag',
    (text) => {
      const attempt = () => parseDuration(text, RULE);
      expect(attempt).toThrow(OutkitError);
      expect(attempt).toThrow(/^--grace [^\n]*$/);
    },
  );

  it('out of bounds is refused in one line that tells them', () => {
    expect(() => parseDuration('8d', RULE)).toThrow('--grace takes from 0 to 7d');
    expect(() => parseDuration('1s', { ...RULE, minMs: 60_000 })).toThrow('--grace takes from 1m to 7d');
  });

  it.each([
    ['8d', '7d'],
    ['1s', '1m'],
    ['soon', '24h'],
  ])('%s is refused with a command that has %s instead', (text, instead) => {
    for (const [argv, hint] of [
      [['keys', 'rotate', text, '--grace', text, '-y'], `outkit keys rotate ${text} --grace ${instead} -y`],
      [['keys', 'rotate', `--grace=${text}`], `outkit keys rotate --grace=${instead}`],
    ] as const) {
      const rule = { ...RULE, minMs: 60_000, argv };
      expect(() => parseDuration(text, rule)).toThrow(expect.objectContaining({ code: 'usage', hint }));
    }
  });

  it('reads back what it writes, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 604_800 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000), RULE)).toBe(seconds * 1000);
      }),
    );
  });
});
