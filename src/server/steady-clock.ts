import type { Clock } from '../core/clock.ts';

export interface SteadyClockSources {
  /** Wall clock, epoch milliseconds. May jump either way. */
  readonly wallNow: () => number;
  /** Never goes back; milliseconds from any origin. */
  readonly monotonicNow: () => number;
}

/**
 * Time that never runs backwards, not even across a restart: it starts at the wall clock or at `atLeast`, whichever is later, goes
 * on with the monotonic clock, and follows the wall clock forward only. Otherwise a clock set back would revive ended secrets.
 */
export function createSteadyClock({ wallNow, monotonicNow }: SteadyClockSources, atLeast: number): Clock {
  let offset = atLeast - monotonicNow();
  return {
    now() {
      const monotonic = monotonicNow();
      offset = Math.max(offset, wallNow() - monotonic);
      return Math.floor(monotonic + offset);
    },
  };
}
