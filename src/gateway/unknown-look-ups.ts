import { networkOf } from '../core/network.ts';

/** So many look-ups that found nothing a second, and so many at once after a quiet time. */
const PER_SECOND = 50;
const BURST = 500;
/** Beyond it, networks share one bucket. */
const MAX_NETWORKS = 10_000;
const OTHERS = '';

interface Bucket {
  used: number;
  /** Of the monotonic clock. */
  at: number;
}

/**
 * Keeps somebody who makes keys up from asking the database for each of them: what an address, of IPv6 a network, looked up in vain is counted, and
 * beyond its share it is not looked up any more. Known secrets, also refused ones, are never held up by it.
 */
export class UnknownLookUps {
  readonly #monotonicNow: () => number;
  #buckets = new Map<string, Bucket>();

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
  }

  isExhausted(ip: string): boolean {
    return this.#used(this.#buckets.get(this.#nameOf(ip))) >= BURST;
  }

  /** A look-up found nothing. */
  count(ip: string): void {
    const name = this.#nameOf(ip);
    const used = this.#used(this.#buckets.get(name)) + 1;
    this.#buckets.set(name, { used, at: this.#monotonicNow() });
    if (this.#buckets.size >= MAX_NETWORKS) this.#forgetQuiet();
  }

  #used(bucket: Bucket | undefined): number {
    if (bucket === undefined) return 0;
    return Math.max(0, bucket.used - ((this.#monotonicNow() - bucket.at) / 1000) * PER_SECOND);
  }

  #nameOf(ip: string): string {
    const network = networkOf(ip);
    return this.#buckets.has(network) || this.#buckets.size < MAX_NETWORKS ? network : OTHERS;
  }

  #forgetQuiet(): void {
    for (const [name, bucket] of this.#buckets) if (this.#used(bucket) === 0) this.#buckets.delete(name);
  }
}
