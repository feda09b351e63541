import { hash, timingSafeEqual } from 'node:crypto';
import type { FillRandom } from './secret.ts';

const RANDOM_BYTES = 32;

/** 43 characters of base64url: 256 random bits, for credentials of people and of `outkit dev`, and for links. */
export function newToken(fillRandom: FillRandom): string {
  return Buffer.from(fillRandom(new Uint8Array(RANDOM_BYTES))).toString('base64url');
}

/** SHA-256 in hexadecimal: all that storage has of a token. 256 random bits need no salt and no slow hash. */
export function hashOfToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Compares digests in constant time, so that a wrong token teaches nothing, not even how long the right one is. */
export function isSameToken(left: string, right: string): boolean {
  const digest = (token: string) => hash('sha256', token, 'buffer');
  return timingSafeEqual(digest(left), digest(right));
}
