import { hkdfSync } from 'node:crypto';

/** A key of 32 bytes for one purpose, from the secret of the server (HKDF with SHA-256, RFC 5869). */
export function derivedKey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `outkit ${purpose}`, 32));
}
