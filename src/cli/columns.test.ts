import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { padded, shorten, widthOf } from './columns.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('width', () => {
  it('is never more than asked for, and nothing is cut that fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, width) => {
        const short = shorten(text, width);
        expect(widthOf(short)).toBeLessThanOrEqual(width);
        if (widthOf(text) <= width) expect(short).toBe(text);
      }),
    );
  });

  it('is what the library says, of each character of the basic plane and of any two together', () => {
    const characters = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code));
    expect(characters.filter((character) => widthOf(character) !== stringWidth(character))).toEqual([]);
    const character = fc.nat({ max: 0x3000 }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(character, character, (one, two) => {
        expect(widthOf(one + two)).toBe(stringWidth(one + two));
      }),
    );
  });

  it('is filled up to the column', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 40, max: 120 }), (text, width) => {
        expect(widthOf(padded(text, width))).toBe(Math.max(width, widthOf(text)));
      }),
    );
  });

  it('counts what people see: wide characters two, joined ones once, and cuts between them', () => {
    expect([widthOf('名前'), widthOf('👩‍💻'), widthOf('é')]).toEqual([4, 2, 1]);
    expect([shorten('名前です', 5), shorten('👩‍💻👩‍💻', 3), shorten('abc', 3), shorten('abcd', 3)]).toEqual([
      '名前…',
      '👩‍💻…',
      'abc',
      'ab…',
    ]);
  });
});
