import { expect, test } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { newUserCode, readUserCode } from './user-code.ts';

test('a code has eight letters of the alphabet, none likelier than another', () => {
  const fillRandom = seededRandom(3);
  const counts = new Map<string, number>();
  const codes = 20_000;
  for (let count = 0; count < codes; count++) {
    const code = newUserCode(fillRandom);
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
    for (const letter of code) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  const expected = (codes * 8) / 20;
  const distance = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(counts.size).toBe(20);
  // Chi-squared with 19 degrees of freedom; taking bytes modulo 20 without throwing any away gives some 500 here.
  expect(distance).toBeLessThan(43.8);
});

test('a byte that would make a letter likelier is thrown away', () => {
  let calls = 0;
  const bytes = [
    [255, 240, 0, 1, 2, 3, 4, 5],
    [239, 6],
  ];
  const code = newUserCode((asked) => {
    asked.set(bytes[calls++]?.slice(0, asked.length) ?? []);
    return asked;
  });
  expect(code).toBe('BCDFGHZJ');
});

test.for([
  ['BCDF-GHJK', 'BCDFGHJK'],
  ['bcdfghjk', 'BCDFGHJK'],
  [' b c d f - g h j k ', 'BCDFGHJK'],
  ['BCDFGHJ', null],
  ['BCDFGHJKL', null],
  ['ACDFGHJK', null],
  ['BCDFGHJ%', null],
  ['', null],
] as const)('%j is read as %j', ([typed, code]) => {
  expect(readUserCode(typed)).toBe(code);
});
