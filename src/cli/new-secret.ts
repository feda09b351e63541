import type { Environment } from '../core/environment.ts';
import { OutkitError } from '../core/errors.ts';
import type { MintedSecret } from '../core/key-service.ts';
import { mintSecret, type PlaintextSecret, startOf } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import type { Io } from './io.ts';

export interface NewSecret {
  readonly plaintext: PlaintextSecret;
  /** What the server gets to know. */
  readonly minted: MintedSecret;
}

/** A secret made on this machine: the plaintext never leaves it. */
export function newSecret(environment: Environment, io: Io): NewSecret {
  const plaintext = mintSecret(environment, io.fillRandom);
  return { plaintext, minted: { hash: hashSecret(plaintext), start: startOf(plaintext) } };
}

/**
 * Sends a request that mints once more when no answer came: with the same hash it is the same request, so it can take effect only once.
 * `check` is the command that tells whether it did, for the case that both stay without an answer.
 */
export async function sendTwice<Answer>(send: () => Promise<Answer>, check: string): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (!isWithoutAnswer(error)) throw error;
  }
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof OutkitError) || error.code !== 'timeout') throw error;
    throw new OutkitError(
      'timeout',
      `${error.message}; it may have happened all the same, with a key that nobody holds`,
      check,
    );
  }
}

function isWithoutAnswer(error: unknown): boolean {
  return error instanceof OutkitError && (error.code === 'timeout' || error.code === 'unreachable');
}
