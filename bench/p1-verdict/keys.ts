import { mintSecret } from '../../src/core/secret.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { serveRounds } from '../rounds.ts';

const REQUESTS = 100_000;
/** A round goes on where the one before ended, so that it asks for keys that nobody has asked for lately. */
const SEGMENTS = 10;
/** A collection leaves caches cold: so many requests are not measured after it. */
const WARM_UP = 20_000;

/** Plaintext keys, the same in every process. */
export function benchKeys(count: number): readonly string[] {
  const fillRandom = seededRandom(1);
  return Array.from({ length: count }, () => mintSecret('production', fillRandom));
}

/** Keys as they come from a socket, in random order: each is in the cache of the processor, and a string that nobody has seen before. */
class Wire {
  readonly #bytes: Buffer;
  readonly #length: number;

  constructor(keys: readonly string[], requests: number) {
    const order = seededRandom(2)(new Uint8Array(4 * requests));
    const sent = Array.from(new Uint32Array(order.buffer), (number) => keys[number % keys.length] ?? '');
    this.#length = sent[0]?.length ?? 0;
    this.#bytes = Buffer.from(sent.join(''), 'latin1');
  }

  key(request: number): string {
    return this.#bytes.toString('latin1', request * this.#length, (request + 1) * this.#length);
  }
}

/** Serves rounds of requests with these keys: nanoseconds for each. */
export function serveRequests(keys: readonly string[], handle: (key: string) => void): void {
  const wire = new Wire(keys, REQUESTS * SEGMENTS);
  let next = 0;
  const handleNext = (count: number) => {
    for (let request = 0; request < count; request++) {
      handle(wire.key(next));
      next = (next + 1) % (REQUESTS * SEGMENTS);
    }
  };
  serveRounds(() => {
    handleNext(WARM_UP);
    const startedAt = process.hrtime.bigint();
    handleNext(REQUESTS);
    return Number(process.hrtime.bigint() - startedAt) / REQUESTS;
  });
}
