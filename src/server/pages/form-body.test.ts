import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForm } from './form-body.ts';

describe('parseForm', () => {
  it('reads every form as a browser writes it', () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,39}$/);
    const value = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 20, noNullPrototype: true }), (fields) => {
        expect({ ...parseForm(new URLSearchParams(fields).toString()) }).toEqual(fields);
      }),
    );
  });

  it.each([
    ['a field twice', 'a=1&b=2&a=1', 'has a field twice'],
    ['__proto__', '__proto__=1', 'whose name no form has'],
    ['the name of a list', 'a%5B%5D=1', 'whose name no form has'],
    ['an upper-case name', 'A=1', 'whose name no form has'],
    ['no name', '=1', 'whose name no form has'],
    ['an empty pair', 'a=1&&b=2', 'whose name no form has'],
    ['half an escape', 'a=%2', 'is not UTF-8'],
    ['an escape that is no UTF-8', 'a=%c0%af', 'is not UTF-8'],
    ['a surrogate as UTF-8', 'a=%ed%a0%80', 'is not UTF-8'],
    ['bare bytes', 'a=\xe9', 'not escaped'],
    ['a NUL', 'a=\0', 'not escaped'],
    ['a line break', 'a=1\r\nb=2', 'not escaped'],
    ['21 fields', Array.from({ length: 21 }, (_, index) => `${'a'.repeat(index + 1)}=1`).join('&'), 'too many'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseForm(text)).toThrow(message);
  });

  it('gives fields that inherit nothing', () => {
    expect(parseForm('a=1')['constructor']).toBeUndefined();
    expect(parseForm('constructor=x')).toEqual(Object.assign(Object.create(null), { constructor: 'x' }));
  });
});
