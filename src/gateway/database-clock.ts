import type { Clock } from '../core/clock.ts';

/**
 * Time of the database, which all gateways share: what ends, ends for all of them at once, whatever their own clocks show. Between two readings it
 * goes on with the monotonic clock, and it never runs back.
 */
export class DatabaseClock implements Clock {
  readonly #monotonicNow: () => number;
  #offsetMs = 0;
  #latest = 0;

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
  }

  /** The database showed this time when it was asked at that moment or later. */
  set(askedAtMs: number, databaseTime: number): void {
    this.#offsetMs = databaseTime - askedAtMs;
  }

  /** It showed this time some time ago. */
  atLeast(databaseTime: number): void {
    this.#latest = Math.max(this.#latest, databaseTime);
  }

  now(): number {
    this.#latest = Math.max(this.#latest, Math.floor(this.#monotonicNow() + this.#offsetMs));
    return this.#latest;
  }
}
