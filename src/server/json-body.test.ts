import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './json-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parseJsonBody', () => {
  it('reads every JSON object as JSON.parse does, with any white space', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom('', ' ', '\t', '\n '), (value, space) => {
        const text = JSON.stringify({ value }, null, space);
        fc.pre(!/"(__proto__|constructor|prototype)"/.test(text));
        expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['nothing', '', 'is not valid JSON'],
    ['a cut object', '{', 'is not valid JSON'],
    ['a trailing comma', '{"a":1,}', 'is not valid JSON'],
    ['null', 'null', 'is not a JSON object'],
    ['a list', '[]', 'is not a JSON object'],
    ['a string', '"x"', 'is not a JSON object'],
    ['a number', '1', 'is not a JSON object'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'has a member with a reserved name'],
    ['__proto__, escaped and further in', '{"a":[{"\\u005f_proto__":1}]}', 'has a member with a reserved name'],
    ['constructor.prototype', '{"a":{"constructor":{"prototype":1}}}', 'has a member with a reserved name'],
    ['a string without end', '"abc\\', 'is not valid JSON'],
    ['a byte order mark', '\ufeff{}', 'is not valid JSON'],
    ['a member twice', '{"a":1,"a":1}', 'has a member twice'],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}', 'has a member twice'],
    ['a member twice further in', '{"b":[{"a":"}","c":0,"a" :1}]}', 'has a member twice'],
    ['33 levels', '['.repeat(33) + ']'.repeat(33), 'nests deeper than 32 levels'],
    ['200,000 levels', '['.repeat(200_000), 'nests deeper than 32 levels'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseJsonBody(bytes(text))).toThrow(message);
  });

  it.each([
    ['the same name in two objects', '{"b":[{"a":1},{"a":2}]}'],
    ['a value that equals a name', '{"a":"a","b":"a"}'],
    ['brackets and quotes in strings', '{"a":"[[[\\"{\\\\","b":"}"}'],
    ['a reserved name as a value', '{"a":"__proto__"}'],
    ['32 levels', `{"a":${'['.repeat(31)}${']'.repeat(31)}}`],
  ])('takes %s', (_, text) => {
    expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
  });

  it.each([
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ['an overlong sequence', new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
    ['a cut sequence', new Uint8Array([0x22, 0xe2, 0x82, 0x22])],
  ])('refuses %s', (_, body) => {
    expect(() => parseJsonBody(body)).toThrow('is not valid UTF-8');
  });

  it('says nothing of what came in', () => {
    const secret = 'okd_secretsecret';
    for (const text of [`{"${secret}`, `{"${secret}":1,"${secret}":2}`, `${secret}`]) {
      expect(() => parseJsonBody(bytes(text))).toThrow(expect.not.stringContaining('secret'));
    }
  });
});
