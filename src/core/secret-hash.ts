import { hash } from 'node:crypto';
import type { PlaintextSecret } from './secret.ts';

/** SHA-256 of the 42 ASCII bytes of a secret, as 64 lower-case hexadecimal characters. All that a database ever holds of one. */
export type SecretHash = string;

export function hashSecret(secret: PlaintextSecret): SecretHash {
  return hash('sha256', secret, 'hex');
}
