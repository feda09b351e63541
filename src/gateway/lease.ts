/** How long a gateway answers from memory after a synchronisation was begun. */
export const LEASE_MS = 2_000;
/** By then a lease is over wherever its clock runs a little slow: adjusted clocks are off by far less than a fifth. */
export const LEASE_OVER_MS = 1.25 * LEASE_MS;

/** Clocks differ by this much for a moment when one of them is set. More is a jump, or a time in which nothing ran. */
const MAX_JUMP_MS = 50;

export interface LeaseClocks {
  /** Milliseconds of a clock that never goes back. It may stand still while the machine is suspended. */
  readonly monotonicNow: () => number;
  /** Epoch milliseconds. May jump. */
  readonly wallNow: () => number;
}

/** A moment before a synchronisation is sent. */
export interface Stamp {
  readonly monotonicMs: number;
  /** Of the wall clock before the monotonic one. */
  readonly offsetMs: number;
}

/**
 * The right to judge from memory, for a short time. It begins before the synchronisation that renews it is sent, so that no answer that
 * was long under way extends it; and it is lost when the two clocks disagree, since then the machine may have slept.
 */
export class Lease {
  readonly #clocks: LeaseClocks;
  #endsAtMs = Number.NEGATIVE_INFINITY;
  #offsetMs = 0;

  constructor(clocks: LeaseClocks) {
    this.#clocks = clocks;
  }

  stamp(): Stamp {
    const monotonicMs = this.#clocks.monotonicNow();
    return { monotonicMs, offsetMs: this.#clocks.wallNow() - monotonicMs };
  }

  /** MUST be asked after a request arrived, and again after each wait. */
  holds(): boolean {
    const { monotonicMs, offsetMs } = this.stamp();
    if (monotonicMs >= this.#endsAtMs) return false;
    if (Math.abs(offsetMs - this.#offsetMs) <= MAX_JUMP_MS) return true;
    this.drop();
    return false;
  }

  /** Milliseconds until it is over; 0 when it is. */
  get leftMs(): number {
    return Math.max(0, this.#endsAtMs - this.#clocks.monotonicNow());
  }

  /** Everything that was committed before `stamp` is applied. */
  extend(stamp: Stamp): void {
    const { offsetMs } = this.stamp();
    if (Math.abs(offsetMs - stamp.offsetMs) > MAX_JUMP_MS) return;
    this.#endsAtMs = Math.max(this.#endsAtMs, stamp.monotonicMs + LEASE_MS);
    this.#offsetMs = stamp.offsetMs;
  }

  drop(): void {
    this.#endsAtMs = Number.NEGATIVE_INFINITY;
  }
}
