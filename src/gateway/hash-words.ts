import type { SecretHash } from '../core/secret-hash.ts';

/** So many numbers of 32 bits are a hash. */
export const HASH_WORDS = 8;

const DIGITS = 64;
const HALF = 4;
/** The digits of a hash as characters, four in a word. */
const digits = Buffer.allocUnsafeSlow(DIGITS);
const digitWords = new Int32Array(digits.buffer);

/**
 * Writes a hash as numbers, each hash as others; `false` for what is no hash. A word is two halves of four digits, of which a few instructions take
 * the values at once: digit by digit it would take as long as the rest of a look-up.
 */
export function readWords(hash: SecretHash, words: Int32Array): boolean {
  if (hash.length !== DIGITS) return false;
  digits.write(hash, 0, DIGITS, 'latin1');
  for (let word = 0; word < HASH_WORDS; word++) {
    words[word] = valuesOf(digitWords[2 * word] as number) | (valuesOf(digitWords[2 * word + 1] as number) << HALF);
  }
  return true;
}

/** The hash whose words begin at that place. */
export function hashIn(words: Int32Array, first: number): SecretHash {
  const bytes = Buffer.from(words.slice(first, first + HASH_WORDS).buffer);
  const halves = Array.from({ length: DIGITS / HALF }, (_, half) => {
    const four = bytes.subarray(Math.floor(half / 2) * HALF, Math.floor(half / 2) * HALF + HALF);
    return Array.from(four, (byte) => ((byte >>> (half % 2 === 0 ? 0 : HALF)) & 0xf).toString(16));
  });
  return halves.flat().join('');
}

/** Of the characters of four hexadecimal digits, the number that each writes. */
function valuesOf(characters: number): number {
  return (characters & 0x0f0f0f0f) + Math.imul((characters >>> 6) & 0x01010101, 9);
}
