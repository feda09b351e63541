import type { FillRandom } from './secret.ts';

/** Time as epoch milliseconds. Passed in everywhere, so that tests can freeze it. */
export interface Clock {
  now(): number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** No look-alikes (0 and o, 1 and l): people read ids to each other. 32 characters, so a byte maps without bias. */
const ID_ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz';
const ID_LENGTH = 16;

export type IdPrefix = 'key' | 'prof' | 'team' | 'person' | 'session' | 'inv' | 'auth' | 'req';

/** A new id such as `key_7hq3m2xk9tqw4bnz`: 80 random bits after the prefix. */
export function newId(prefix: IdPrefix, fillRandom: FillRandom): string {
  let text = '';
  for (const byte of fillRandom(new Uint8Array(ID_LENGTH))) text += ID_ALPHABET.charAt(byte % ID_ALPHABET.length);
  return `${prefix}_${text}`;
}

/** A whole id of that kind, or for prefixes the first 4 to 16 characters after the underscore. */
export const KEY_ID_PATTERN = /^key_[2-9a-kmnp-z]{16}$/;
export const KEY_ID_PREFIX_PATTERN = /^key_[2-9a-kmnp-z]{4,16}$/;
export const PROFILE_ID_PATTERN = /^prof_[2-9a-kmnp-z]{16}$/;
export const PROFILE_ID_PREFIX_PATTERN = /^prof_[2-9a-kmnp-z]{4,16}$/;
export const TEAM_ID_PATTERN = /^team_[2-9a-kmnp-z]{16}$/;
export const PERSON_ID_PATTERN = /^person_[2-9a-kmnp-z]{16}$/;
export const SESSION_ID_PATTERN = /^session_[2-9a-kmnp-z]{16}$/;
export const INVITATION_ID_PATTERN = /^inv_[2-9a-kmnp-z]{16}$/;
