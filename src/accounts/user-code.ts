import type { FillRandom } from '../core/secret.ts';

/** RFC 8628, 6.1: no vowels, so no words, and nothing that is read as something else. */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const WHOLE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** Bytes from here on are thrown away: 240 is the greatest multiple of 20 in a byte, so no letter is likelier than another. */
const FIRST_BIASED_BYTE = 240;

/** Eight letters that a person types: 34.5 bits. */
export function newUserCode(fillRandom: FillRandom): string {
  let code = '';
  while (code.length < LENGTH) {
    for (const byte of fillRandom(new Uint8Array(LENGTH - code.length))) {
      if (byte < FIRST_BIASED_BYTE) code += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return code;
}

/** A code as a person typed it, in any case, with dashes or spaces; `null` when it cannot be one. */
export function readUserCode(typed: string): string | null {
  const code = typed.replace(/[-\s]/g, '').toUpperCase();
  return WHOLE.test(code) ? code : null;
}
