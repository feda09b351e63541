import type { Environment } from '../core/environment.ts';
import { type ErrorCode, OutkitError } from '../core/errors.ts';
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

/** What a person does about a secret that may stand although nobody holds it. */
export interface Repair {
  /** The command that tells whether it stands, or ends it. */
  readonly command: string;
  /** What to do with it, as the end of a sentence. */
  readonly what: string;
}

/** Errors that do not tell whether a try before them took effect: no answer, or one from before the keys were looked at. */
const TELLS_NOTHING: readonly ErrorCode[] = [
  'timeout',
  'unreachable',
  'bad_answer',
  'unauthenticated',
  'rate_limited',
  'internal',
  'unavailable',
];
/** Of the system: the request never left, so it took no effect. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * Sends a request that mints once more when no answer came: with the same hash it is the same request, so it can take effect only once.
 * When nobody can tell whether it did, the error says so, and how to repair it.
 */
export async function sendTwice<Answer>(send: () => Promise<Answer>, repair: Repair): Promise<Answer> {
  let mayHaveArrived: boolean;
  try {
    return await send();
  } catch (error) {
    if (!isWithoutAnswer(error)) throw error;
    mayHaveArrived = !wasNeverSent(error);
  }
  try {
    return await send();
  } catch (error) {
    mayHaveArrived ||= isWithoutAnswer(error) && !wasNeverSent(error);
    if (!mayHaveArrived || !(error instanceof OutkitError) || !TELLS_NOTHING.includes(error.code)) throw error;
    throw new OutkitError(
      error.code,
      `${error.message}; it may have happened all the same, with a key that nobody holds: ${repair.what}`,
      repair.command,
      { cause: error },
    );
  }
}

function isWithoutAnswer(error: unknown): error is OutkitError {
  return error instanceof OutkitError && (error.code === 'timeout' || error.code === 'unreachable');
}

function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && NEVER_SENT.includes(code)) || wasNeverSent(error.cause);
}
