import { expect, test } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { HASH_WORDS, hashIn, readWords } from './hash-words.ts';

const fillRandom = seededRandom(1);
const newHash = () => Buffer.from(fillRandom(new Uint8Array(32))).toString('hex');

test('a hash comes back from its words, wherever they stand, and each digit at each place makes others', () => {
  const words = new Int32Array(3 * HASH_WORDS);
  for (const hash of [...Array.from({ length: 200 }, newHash), '0'.repeat(64), 'f'.repeat(64)]) {
    expect(readWords(hash, words.subarray(HASH_WORDS, 2 * HASH_WORDS))).toBe(true);
    expect(hashIn(words, HASH_WORDS)).toBe(hash);
  }
  const seen = new Set<string>();
  for (let place = 0; place < 64; place++) {
    for (const digit of '123456789abcdef') {
      readWords(`${'0'.repeat(place)}${digit}${'0'.repeat(63 - place)}`, words);
      seen.add(words.subarray(0, HASH_WORDS).join(' '));
    }
  }
  expect(seen.size).toBe(64 * 15);
});

test.each(['', 'a', 'a'.repeat(63), 'a'.repeat(65)])('what is no hash has no words: %j', (text) => {
  expect(readWords(text, new Int32Array(HASH_WORDS))).toBe(false);
});
