import type { Environment } from '../../../src/core/environment.ts';
import type { MintedSecret } from '../../../src/core/key-service.ts';
import { mintSecret, type PlaintextSecret, startOf } from '../../../src/core/secret.ts';

export interface NewSecret {
  /** For the eyes of the person alone: no request, address, storage or log may have it. */
  readonly plaintext: PlaintextSecret;
  /** What the server gets to know. */
  readonly minted: MintedSecret;
}

/** A secret made in this browser by the core, with randomness and SHA-256 of WebCrypto: the plaintext never leaves it. */
export async function newSecret(environment: Environment): Promise<NewSecret> {
  const plaintext = mintSecret(environment, (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(plaintext));
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { plaintext, minted: { hash, start: startOf(plaintext) } };
}
