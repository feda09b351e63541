import { setImmediate } from 'node:timers/promises';
import { type Clock, DAY_MS, MINUTE_MS } from '../../core/clock.ts';
import type { EventStore } from '../../core/event-store.ts';

export interface RetentionOptions {
  readonly eventDays: number;
  /** At most so many events are kept, of all profiles together. */
  readonly eventLimit: number;
}

export const DEFAULT_RETENTION: RetentionOptions = { eventDays: 7, eventLimit: 1_000_000 };

const INTERVAL_MS = MINUTE_MS;
/** So few that a request waits for some milliseconds at most. */
const EVENTS_A_STEP = 200;

/** Removes once a minute the events that are not kept any longer. The function that it returns stops that, and resolves when nothing runs. */
export function pruneRegularly(
  store: Pick<EventStore, 'pruneEvents'>,
  clock: Clock,
  { eventDays, eventLimit }: RetentionOptions,
  onProblem: (what: string, error: unknown) => void,
): () => Promise<void> {
  let isStopped = false;
  let running: Promise<void> | null = null;

  async function prune(): Promise<void> {
    for (;;) {
      const removed = await store.pruneEvents(clock.now() - eventDays * DAY_MS, eventLimit, EVENTS_A_STEP);
      if (removed < EVENTS_A_STEP || isStopped) return;
      // Requests that came meanwhile go first.
      await setImmediate();
    }
  }

  const timer = setInterval(() => {
    running ??= prune()
      .catch((error: unknown) => onProblem('events could not be removed', error))
      .finally(() => {
        running = null;
      });
  }, INTERVAL_MS);
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}
