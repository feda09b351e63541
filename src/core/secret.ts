import { ENVIRONMENT_LETTERS, type Environment } from './environment.ts';

/**
 * A secret in plain text: `ok` + environment letter + `_` + 32 random base62 characters + 6 characters of CRC-32.
 * Lives in memory only; see "Invariants" in ARCHITECTURE.md for the few places where one may be.
 */
export type PlaintextSecret = string;

/** Source of randomness, passed in everywhere so that tests can seed it. Fills and returns the array that it is given. */
export type FillRandom = (bytes: Uint8Array) => Uint8Array;

/** The published pattern, for secret scanners. The checksum is a further test: {@link isWellFormedSecret}. */
export const SECRET_PATTERN = /^ok[dsp]_[0-9A-Za-z]{38}$/;

const SECRETS = /ok[dsp]_[0-9A-Za-z]{38}/g;

/** What a start, the first eight characters of a secret, looks like. */
export const START_PATTERN = /^ok[dsp]_[0-9A-Za-z]{4}$/;

/** What the SHA-256 of a secret looks like in hexadecimal. Stands here, since browsers check it and have no `node:crypto`. */
export const SECRET_HASH_PATTERN = /^[0-9a-f]{64}$/;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX_LENGTH = 4;
const RANDOM_LENGTH = 32;
const CHECKED_LENGTH = PREFIX_LENGTH + RANDOM_LENGTH;
const CHECKSUM_LENGTH = 6;
const SECRET_LENGTH = CHECKED_LENGTH + CHECKSUM_LENGTH;
const START_LENGTH = 8;
const MASK = '••••••••';

/** Bytes from here on are thrown away: 248 is the greatest multiple of 62 in a byte, so no character is likelier than another. */
const FIRST_BIASED_BYTE = 248;

/** CRC-32 of ISO 3309 and ITU-T V.42: polynomial 0xEDB88320, reflected. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let remainder = index;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

const ALPHABET_CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const IS_BASE62 = Uint8Array.from({ length: 128 }, (_, code) => (ALPHABET_CODES.includes(code) ? 1 : 0));

/** Mints a secret of 190 bits for an environment. */
export function mintSecret(environment: Environment, fillRandom: FillRandom): PlaintextSecret {
  const checked = `ok${ENVIRONMENT_LETTERS[environment]}_${randomBase62(RANDOM_LENGTH, fillRandom)}`;
  return checked + checksumOf(checked);
}

/** True for 42 characters of the right shape whose checksum holds. Needs no look-up, and allocates nothing. */
export function isWellFormedSecret(text: string): text is PlaintextSecret {
  if (text.length !== SECRET_LENGTH) return false;
  if (text.charCodeAt(0) !== 0x6f || text.charCodeAt(1) !== 0x6b || text.charCodeAt(3) !== 0x5f) return false;
  const letter = text.charCodeAt(2);
  if (letter !== 0x64 && letter !== 0x73 && letter !== 0x70) return false;
  let remainder = -1;
  for (let index = 0; index < CHECKED_LENGTH; index++) {
    const code = text.charCodeAt(index);
    if (index >= PREFIX_LENGTH && IS_BASE62[code] !== 1) return false;
    remainder = crcStep(remainder, code);
  }
  return endsInChecksum(text, ~remainder >>> 0);
}

/** True when a secret, or what looks like one, stands anywhere in the text. */
export function holdsSecret(text: string): boolean {
  return text.search(SECRETS) !== -1;
}

/** Text that somebody else wrote, as it may be kept: every secret in it masked. */
export function withSecretsMasked(text: string): string {
  return text.replace(SECRETS, (secret) => maskedStart(startOf(secret)));
}

/** The first eight characters: all that is ever shown or stored of a secret in clear. */
export function startOf(secret: PlaintextSecret): string {
  return secret.slice(0, START_LENGTH);
}

/** A start as people see it: `okp_7Hq3••••••••`. */
export function maskedStart(start: string): string {
  return start + MASK;
}

function randomBase62(length: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(length);
  let text = '';
  while (text.length < length) {
    for (const byte of fillRandom(bytes)) {
      if (byte < FIRST_BIASED_BYTE && text.length < length) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

function checksumOf(checked: string): string {
  let remainder = -1;
  for (let index = 0; index < CHECKED_LENGTH; index++) remainder = crcStep(remainder, checked.charCodeAt(index));
  let rest = ~remainder >>> 0;
  let text = '';
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit++) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function endsInChecksum(secret: string, crc: number): boolean {
  let rest = crc;
  for (let index = SECRET_LENGTH - 1; index >= CHECKED_LENGTH; index--) {
    const quotient = Math.floor(rest / 62);
    // Not the remainder operator: that of an unsigned number costs more than everything else here.
    if (secret.charCodeAt(index) !== ALPHABET_CODES[rest - quotient * 62]) return false;
    rest = quotient;
  }
  return true;
}

function crcStep(remainder: number, code: number): number {
  return (remainder >>> 8) ^ (CRC_TABLE[(remainder ^ code) & 0xff] as number);
}
