import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleJson } from './visible-text.ts';

const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('text from elsewhere', () => {
  it.each([
    ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\', '\\x1b]8;;http://evil\\x1b\\x\\x1b]8;;\\x1b\\'],
    ['\x1b]52;c;cm0=\x07', '\\x1b]52;c;cm0=\\x07'],
    ['a\rb\bc', 'a\\x0db\\x08c'],
    ['\x9b2J', '\\x9b2J'],
    ['abc\u202ecba', 'abc\\u202ecba'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
    ['名前 👩‍💻 é', '名前 👩‍💻 é'],
  ])('%j reads %s', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('has no character left that acts on a terminal, and is the same after a second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(HARMFUL);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });

  it('is as it was in JSON for a parser, and harmless for a terminal', () => {
    fc.assert(
      fc.property(anyText, anyText, (name, text) => {
        const json = visibleJson({ [name]: [text] }, 2);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [name]: [text] })));
        expect(json.replaceAll('\n', '')).not.toMatch(HARMFUL);
      }),
    );
  });
});
