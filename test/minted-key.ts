import type { Environment } from '../src/core/environment.ts';
import type { MintedSecret } from '../src/core/key-service.ts';
import { type FillRandom, mintSecret, type PlaintextSecret, startOf } from '../src/core/secret.ts';
import { hashSecret } from '../src/core/secret-hash.ts';

/** A secret as the client mints it, and what it tells the server of it. */
export function mintedKey(
  fillRandom: FillRandom,
  environment: Environment = 'development',
): { readonly plaintext: PlaintextSecret; readonly secret: MintedSecret } {
  const plaintext = mintSecret(environment, fillRandom);
  return { plaintext, secret: { hash: hashSecret(plaintext), start: startOf(plaintext) } };
}
