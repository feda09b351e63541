import type { Clock } from '../core/clock.ts';
import { LEASE_MS } from './lease.ts';

/**
 * Time of the database, which all gateways share: what ends, ends for all of them at once, whatever their own clocks show. Between two readings it
 * goes on with the monotonic clock, and it never runs back.
 */
export class DatabaseClock implements Clock {
  readonly #monotonicNow: () => number;
  #offsetMs = 0;
  #latest = 0;
  #reachedOffsetMs = Number.NEGATIVE_INFINITY;
  #latestReached = 0;

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
  }

  /**
   * The database showed this time when it was asked at that moment or later. By so much as that may have been later, what ends would end
   * too early: an answer that took longer than a lease, and so extends none, only says which time it is at least.
   */
  set(askedAtMs: number, databaseTime: number): void {
    const answeredAtMs = this.#monotonicNow();
    if (answeredAtMs - askedAtMs <= LEASE_MS) this.#offsetMs = databaseTime - askedAtMs;
    this.#reachedOffsetMs = databaseTime - answeredAtMs;
    this.atLeast(databaseTime);
  }

  /** It showed this time some time ago. */
  atLeast(databaseTime: number): void {
    this.#latest = Math.max(this.#latest, databaseTime);
  }

  /**
   * A time that the database has reached by now, and so the clock of every gateway: each of them is ahead by as long as it was answered. What is
   * ended at this time has ended everywhere; what is ended at `now` would go on at those that are ahead by less.
   */
  reached(): number {
    this.#latestReached = Math.max(this.#latestReached, Math.floor(this.#monotonicNow() + this.#reachedOffsetMs));
    return this.#latestReached;
  }

  now(): number {
    this.#latest = Math.max(this.#latest, Math.floor(this.#monotonicNow() + this.#offsetMs));
    return this.#latest;
  }
}
