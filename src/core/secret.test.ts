import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { ENVIRONMENTS } from './environment.ts';
import {
  isWellFormedSecret,
  maskedStart,
  mintSecret,
  SECRET_HASH_PATTERN,
  SECRET_PATTERN,
  START_PATTERN,
  startOf,
} from './secret.ts';
import { hashSecret } from './secret-hash.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const anySecret = fc
  .tuple(fc.constantFrom(...ENVIRONMENTS), fc.integer())
  .map(([environment, seed]) => mintSecret(environment, seededRandom(seed)));

describe('mintSecret', () => {
  it('makes 42 characters of the published pattern that pass their own checksum', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        expect(secret).toMatch(SECRET_PATTERN);
        expect(secret).toHaveLength(42);
        expect(isWellFormedSecret(secret)).toBe(true);
        expect(startOf(secret)).toMatch(START_PATTERN);
      }),
    );
  });

  it('puts the letter of the environment in the prefix', () => {
    const starts = ENVIRONMENTS.map((environment) => mintSecret(environment, seededRandom(1)).slice(0, 4));
    expect(starts).toEqual(['okd_', 'oks_', 'okp_']);
  });

  it('ends with the CRC-32 of the 36 characters before, as zlib counts it, in base62', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        let value = 0;
        for (const character of secret.slice(36)) value = value * 62 + ALPHABET.indexOf(character);
        expect(value).toBe(crc32(secret.slice(0, 36)));
      }),
    );
  });

  it('draws every character equally often: chi-squared over 62 characters stays below the 99.9 % bound', () => {
    const fillRandom = seededRandom(42);
    const counts = new Map<string, number>();
    const secrets = 5_000;
    for (let index = 0; index < secrets; index++) {
      for (const character of mintSecret('production', fillRandom).slice(4, 36)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    const expected = (secrets * 32) / 62;
    const chiSquared = [...ALPHABET].reduce(
      (sum, character) => sum + ((counts.get(character) ?? 0) - expected) ** 2 / expected,
      0,
    );
    expect(chiSquared).toBeLessThan(100.9);
  });

  it('uses no byte that would favour a character: bytes of 248 and more are drawn again', () => {
    let calls = 0;
    const secret = mintSecret('staging', (bytes) => bytes.fill(calls++ === 0 ? 248 : 61));
    expect(calls).toBe(2);
    expect(secret.slice(4, 36)).toBe('z'.repeat(32));
  });
});

describe('isWellFormedSecret', () => {
  it('refuses every single-character error, at every place, for every character of the alphabet', () => {
    const secret = mintSecret('production', seededRandom(7));
    for (let place = 0; place < secret.length; place++) {
      for (const character of `${ALPHABET}_-. `) {
        if (character === secret[place]) continue;
        const wrong = secret.slice(0, place) + character + secret.slice(place + 1);
        expect(isWellFormedSecret(wrong), `${place} ${character}`).toBe(false);
      }
    }
  });

  it('refuses two swapped neighbours', () => {
    fc.assert(
      fc.property(anySecret, fc.integer({ min: 0, max: 40 }), (secret, place) => {
        const swapped = secret.slice(0, place) + secret[place + 1] + secret[place] + secret.slice(place + 2);
        expect(isWellFormedSecret(swapped)).toBe(swapped === secret);
      }),
    );
  });

  it('refuses any other text, also one that only adds white space', () => {
    const secret = mintSecret('development', seededRandom(3));
    for (const text of [
      '',
      ' ',
      `${secret} `,
      ` ${secret}`,
      `${secret}\n`,
      secret.slice(1),
      `"${secret}"`,
      `${secret}\u200b`,
    ]) {
      expect(isWellFormedSecret(text), JSON.stringify(text)).toBe(false);
    }
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => !isWellFormedSecret(text)));
  });
});

describe('what may be shown', () => {
  it('shows the first eight characters and nothing of the rest', () => {
    const secret = mintSecret('production', seededRandom(9));
    expect(maskedStart(startOf(secret))).toBe(`${secret.slice(0, 8)}••••••••`);
  });

  it('hashes the 42 ASCII bytes with SHA-256', () => {
    expect(hashSecret('okd_00000000000000000000000000000000000000')).toMatch(SECRET_HASH_PATTERN);
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
