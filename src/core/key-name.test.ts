import { describe, expect, it } from 'vitest';
import { normalizedName } from './key-name.ts';

describe('normalizedName', () => {
  it.each([
    'dev key',
    '=cmd()',
    '<img onerror>',
    "' OR 1=1--",
    '{{7*7}}',
    '%s%n',
    'Schlüssel 🔑',
    '👩‍💻 laptop',
    'x'.repeat(64),
  ])('takes %j as it is', (text) => expect(normalizedName(text)).toBe(text));

  it.each([
    '',
    '   ',
    'x'.repeat(65),
    'a\u202eb',
    'a\nb',
    'a\u0000',
    'a\u001b[2J',
    'a\u009b2J',
    'a\u200bb',
    '\ud800',
    'a\u2028b',
    '\u200d\u200d',
    '\u3164',
    '\u{e0061}\u{e007f}',
    'x'.repeat(1_000_000),
  ])('refuses %j', (text) => expect(normalizedName(text)).toBeNull());

  it('stores one form of a name that can be written in two', () => {
    expect(normalizedName('e\u0301')).toBe('\u00e9');
  });
});
