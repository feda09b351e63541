import { mintSecret } from '../../src/core/secret.ts';
import { seededRandom } from '../../test/seeded-random.ts';

/** Plaintext keys, the same in every process. */
export function benchKeys(count: number): readonly string[] {
  const fillRandom = seededRandom(1);
  return Array.from({ length: count }, () => mintSecret('production', fillRandom));
}

/** Keys as they come from a socket, in random order: each is in the cache of the processor, and a string that nobody has seen before. */
export class Wire {
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

/** Nanoseconds for each of `count` calls. */
export function nanoseconds(count: number, call: (index: number) => void): number {
  const startedAt = process.hrtime.bigint();
  for (let index = 0; index < count; index++) call(index);
  return Number(process.hrtime.bigint() - startedAt) / count;
}
