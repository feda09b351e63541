import { ENVIRONMENT_LETTERS, type Environment } from '../core/environment.ts';
import { endOf, isAcceptedSecret, type Key } from '../core/key.ts';
import type { MintedSecret } from '../core/key-service.ts';
import { type FillRandom, mintSecret, type PlaintextSecret, startOf } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import { invalid } from './refusals.ts';

/** A secret for a key: the plaintext is there only when it was minted here, and goes into one answer. */
export type Minted = MintedSecret & { readonly plaintext: PlaintextSecret | null };

/** The client's secret, checked against the environment (`bad_request`), or one minted here when the client sent none. */
export function mintedFor(environment: Environment, secret: MintedSecret | null, fillRandom: FillRandom): Minted {
  if (secret === null) {
    const plaintext = mintSecret(environment, fillRandom);
    return { hash: hashSecret(plaintext), start: startOf(plaintext), plaintext };
  }
  if (secret.start.charAt(2) !== ENVIRONMENT_LETTERS[environment]) {
    throw invalid('start does not belong to the environment of the key');
  }
  return { ...secret, plaintext: null };
}

/** True when this very request minted the secret before, and the secret is still accepted: then it is the same answer again. */
export function isSameRequest(key: Key, minted: MintedSecret, digest: string, now: number): boolean {
  const secret = key.secrets.find((candidate) => candidate.hash === minted.hash);
  if (secret === undefined || secret.requestDigest !== digest || secret.start !== minted.start) return false;
  return endOf(key, now) === null && isAcceptedSecret(secret, now);
}
