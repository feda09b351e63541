import { eventsUpToNow } from '../../../src/client/event-pages.ts';
import { type FollowTools, follow } from '../../../src/client/follow.ts';
import { OutkitError } from '../../../src/core/errors.ts';
import type { EventService, TailEvents, TailItem } from '../../../src/core/event-service.ts';
import { endSession } from '../server/session-end.ts';
import { LogBuffer, type LogView } from './log-buffer.ts';

/** Which events are followed. */
export type LogChoice = Omit<TailEvents, 'after'>;

export interface FeedState {
  readonly view: LogView;
  readonly connection: 'connecting' | 'live' | 'lost' | 'failed';
  /** What no other try would change, when it has failed. */
  readonly error: unknown;
}

/** What happened before somebody looked. */
const HISTORY_EVENTS = 100;

const TOOLS: FollowTools = {
  now: Date.now,
  wait: (spanMs, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, spanMs);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  fillRandom: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
};

/**
 * Follows the log for a page: all that comes goes into a bounded buffer, and whoever listens is told at most once for each frame that the
 * browser draws, however much came meanwhile.
 */
export class LogFeed {
  readonly #events: EventService;
  readonly #buffer = new LogBuffer();
  readonly #ending = new AbortController();
  #state: FeedState = { view: this.#buffer.view(), connection: 'connecting', error: null };
  #listener: () => void = () => {};
  #frame: number | null = null;

  constructor(events: EventService, choice: LogChoice) {
    this.#events = events;
    void this.#run(choice);
  }

  readonly state = (): FeedState => this.#state;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listener = listener;
    return () => {
      this.#listener = () => {};
    };
  };

  /** Ends the connection. What was shown stays. */
  end(): void {
    this.#ending.abort();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  async #run(choice: LogChoice): Promise<void> {
    const { signal } = this.#ending;
    try {
      const { after, data } = await eventsUpToNow(this.#events, { ...choice, since: null }, HISTORY_EVENTS);
      for (const event of data) this.#buffer.add({ kind: 'event', event });
      const follower = {
        open: (behind: number | null) => this.#open({ ...choice, after: behind }, signal),
        show: (item: Exclude<TailItem, { kind: 'heartbeat' }>) => {
          this.#buffer.add(item);
          this.#tell();
        },
        lost: () => this.#become('lost'),
        regained: () => this.#become('live'),
      };
      await follow(follower, TOOLS, after, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof OutkitError && error.code === 'unauthenticated') endSession();
      this.#become('failed', error);
    }
  }

  async *#open(wish: TailEvents, signal: AbortSignal): AsyncGenerator<TailItem> {
    for await (const item of this.#events.tail(wish, signal)) {
      // The first item says that the server has answered.
      if (this.#state.connection === 'connecting') this.#become('live');
      yield item;
    }
  }

  #become(connection: FeedState['connection'], error: unknown = null): void {
    this.#state = { ...this.#state, connection, error };
    this.#tell();
  }

  #tell(): void {
    if (this.#ending.signal.aborted) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#state = { ...this.#state, view: this.#buffer.view() };
      this.#listener();
    });
  }
}
