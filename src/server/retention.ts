import { setImmediate } from 'node:timers/promises';
import { type Clock, DAY_MS, MINUTE_MS } from '../core/clock.ts';
import type { EventStore } from '../core/event-store.ts';
import type { KeyStore } from '../core/key-store.ts';
import { oldestHourNeeded } from '../core/usage-series.ts';

export interface RetentionOptions {
  readonly eventDays: number;
  /** At most so many events are kept, of all profiles together. */
  readonly eventLimit: number;
}

export const DEFAULT_RETENTION: RetentionOptions = { eventDays: 7, eventLimit: 1_000_000 };

type RetentionStore = Pick<EventStore, 'pruneEvents'> & Pick<KeyStore, 'rollUpUsage'>;

const INTERVAL_MS = MINUTE_MS;
/** So few at once that a request waits for some milliseconds at most. */
const EVENTS_A_STEP = 2_000;
const HOURS_A_STEP = 200;

/**
 * Removes once a minute the events that are not kept any longer, and adds up hours of usage that no window of hours needs to days. The
 * function that it returns stops that, and resolves when nothing runs.
 */
export function tidyRegularly(
  store: RetentionStore,
  clock: Clock,
  { eventDays, eventLimit }: RetentionOptions,
  onProblem: (what: string, error: unknown) => void,
): () => Promise<void> {
  let isStopped = false;
  let running: Promise<unknown> | null = null;

  async function inSteps(problem: string, size: number, step: () => Promise<number>): Promise<void> {
    try {
      while ((await step()) >= size && !isStopped) {
        // Requests that came meanwhile go first.
        await setImmediate();
      }
    } catch (error) {
      onProblem(problem, error);
    }
  }

  async function tidy(): Promise<void> {
    await inSteps('events could not be removed', EVENTS_A_STEP, () =>
      store.pruneEvents(clock.now() - eventDays * DAY_MS, eventLimit, EVENTS_A_STEP),
    );
    if (isStopped) return;
    await inSteps('usage could not be added up to days', HOURS_A_STEP, () =>
      store.rollUpUsage(oldestHourNeeded(clock.now()), HOURS_A_STEP),
    );
  }

  const timer = setInterval(() => {
    running ??= tidy().finally(() => {
      running = null;
    });
  }, INTERVAL_MS);
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}
