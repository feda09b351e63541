import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonSource } from './json-source.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a JSON text', () => {
  it('is JSON exactly where JSON.parse says so, whatever was cut, put in or changed', () => {
    const spoiled = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.nat(3),
        fc.constantFrom('', ',', '"', '{', ']', '//', '\n', '\\', '0', 'x', '\ufeff'),
      )
      .map(
        ([text, at, cut, put]) =>
          text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut),
      );
    fc.assert(
      fc.property(spoiled, (text) => {
        expect(readJsonSource(text).kind).toBe(parses(text) ? 'json' : 'not_json');
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the line and the value of each outer field', () => {
    const text = '{\n  "a": { "inner": 1 },\n\n  "b\\u0041": [\n 1 ],\n "c": null }';
    const source = readJsonSource(text);
    const fields = source.kind === 'json' ? [...source.fields] : [];
    expect(fields.map(([name, { line, start, end }]) => [name, line, text.slice(start, end)])).toEqual([
      ['a', 2, '{ "inner": 1 }'],
      ['bA', 4, '[\n 1 ]'],
      ['c', 6, 'null'],
    ]);
  });

  it.each([
    ['', 1],
    ['{', 1],
    ['{\n', 2],
    ['{\n  "a": 1,\n}', 3],
    ['{\n  // comment\n  "a": 1 }', 2],
    ["{\n  'a': 1 }", 2],
    ['{\n  "a": 01 }', 2],
    ['{\n  "a": 1 }\n}', 3],
    ['{\n  "a": "x\n" }', 2],
    ['nope', 1],
  ])('%j stops being JSON in line %i', (text, line) => {
    expect(readJsonSource(text)).toEqual({ kind: 'not_json', line });
  });

  it('nested without end is refused, not a stack overflow', () => {
    expect(readJsonSource('['.repeat(60_000)).kind).toBe('not_json');
  });
});
