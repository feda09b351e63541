import { newId } from '../core/clock.ts';
import type { FillRandom } from '../core/secret.ts';

const POOL_BYTES = 4096;

/**
 * Ids of requests, each of 80 random bits that no other one has. Randomness is asked for in large pieces, because to ask costs more than
 * everything else of an id. For names only: a secret never comes out of a pool.
 */
export function requestIds(fillRandom: FillRandom): () => string {
  const pool = new Uint8Array(POOL_BYTES);
  let taken = POOL_BYTES;
  const takeRandom: FillRandom = (bytes) => {
    if (taken + bytes.length > POOL_BYTES) {
      fillRandom(pool);
      taken = 0;
    }
    bytes.set(pool.subarray(taken, taken + bytes.length));
    taken += bytes.length;
    return bytes;
  };
  return () => newId('req', takeRandom);
}
