import { createHash } from 'node:crypto';
import type { FillRandom } from '../core/secret.ts';

const RANDOM_BYTES = 32;

/** Prefix and 43 characters of base64url: 256 random bits. `okt` starts a session, `okdc` is a device that waits, `okr` sets a new password. */
export function newCredential(prefix: 'okt' | 'okdc' | 'okr', fillRandom: FillRandom): string {
  return `${prefix}_${Buffer.from(fillRandom(new Uint8Array(RANDOM_BYTES))).toString('base64url')}`;
}

/** SHA-256 in hexadecimal: all that storage has of a credential. 256 random bits need no salt and no slow hash. */
export function hashOfCredential(credential: string): string {
  return createHash('sha256').update(credential).digest('hex');
}
