import { setImmediate } from 'node:timers/promises';
import type { OutkitError } from '../../core/errors.ts';
import type { EventStore } from '../../core/event-store.ts';
import type { EventFilter } from '../../core/render-event.ts';
import { eventFrame, gapFrame } from './event-frames.ts';

/** What waits for a slow reader; beyond it the tail reads from the store again. */
const MAX_WAITING_EVENTS = 1_000;
const MAX_WAITING_BYTES = 1024 * 1024;

const EVENTS_A_READ = 100;
/** So much is handed over at once. */
const BYTES_A_STEP = 64 * 1024;

export interface TailedEvent {
  readonly seq: number;
  readonly frame: string;
}

export type TailStore = Pick<EventStore, 'listEvents' | 'prunedEventSeq'>;

export interface TailStart {
  readonly store: TailStore;
  readonly profileIds: readonly string[];
  readonly filter: EventFilter;
  readonly position: number;
  /** There may be events behind `position` that nobody will push. */
  readonly isBehind: boolean;
  /** Begins by saying that events up to `position` are gone. */
  readonly hasGap: boolean;
  /** Called when its reader is told of a gap. */
  readonly onGap: () => void;
}

/**
 * One reader of the log: each event that it wants once, in order. It is live while the hub pushes events as they are stored; when it is
 * behind, at its start or because its reader is slow, it reads from the store until it has caught up.
 */
export class Tail {
  readonly filter: EventFilter;
  /** Grows while the tail is open, when it is of a whole team. */
  readonly profileIds: Set<string>;
  readonly #store: TailStore;
  #waiting: TailedEvent[] = [];
  #waitingBytes = 0;
  /** Every event up to this one was handed over or waits, or is not wanted. */
  #position: number;
  #isBehind: boolean;
  #isReading = false;
  #hasGap: boolean;
  readonly #onGap: () => void;
  #end: OutkitError | null = null;
  #wake: () => void = () => {};

  constructor({ store, profileIds, filter, position, isBehind, hasGap, onGap }: TailStart) {
    this.#store = store;
    this.profileIds = new Set(profileIds);
    this.filter = filter;
    this.#position = position;
    this.#isBehind = isBehind;
    this.#hasGap = hasGap;
    this.#onGap = onGap;
  }

  /** MUST be called in the order of seq, with every event that the tail wants. */
  push(event: TailedEvent): void {
    if ((this.#isBehind && !this.#isReading) || event.seq <= this.#position) return;
    const bytes = this.#waitingBytes + event.frame.length;
    if (this.#waiting.length >= MAX_WAITING_EVENTS || bytes > MAX_WAITING_BYTES) {
      this.fallBehind();
      return;
    }
    this.#waiting.push(event);
    this.#waitingBytes = bytes;
    if (!this.#isReading) this.#position = event.seq;
    this.#wake();
  }

  /** There are events that were not pushed. */
  fallBehind(): void {
    this.#isBehind = true;
    this.#isReading = false;
    this.#wake();
  }

  /** `next` throws this from now on: what waits is not handed over any more. */
  end(error: OutkitError): void {
    this.#end ??= error;
    this.#wake();
  }

  /** The next frames, one or more; waits for them. At most one call at a time. */
  async next(): Promise<string> {
    for (;;) {
      if (this.#end !== null) throw this.#end;
      if (this.#hasGap) {
        this.#hasGap = false;
        return this.#gap(this.#position);
      }
      if (this.#waiting.length > 0) return this.#take();
      if (this.#isBehind) {
        const frames = await this.#catchUp();
        if (frames !== '') return frames;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #take(): string {
    let count = 0;
    let bytes = 0;
    while (count < this.#waiting.length && bytes < BYTES_A_STEP) {
      bytes += this.#waiting[count]?.frame.length ?? 0;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return framesOf(this.#waiting.splice(0, count));
  }

  /** Reads on behind the position. What is pushed meanwhile waits, unless there is more to read. */
  async #catchUp(): Promise<string> {
    this.#isReading = true;
    const from = this.#position;
    const query = { ...this.filter, profileIds: [...this.profileIds], since: null, before: null };
    const read = await this.#store.listEvents({ ...query, after: from, limit: EVENTS_A_READ });
    // Asked afterwards: whatever is removed while it reads is told as a gap.
    const pruned = await this.#store.prunedEventSeq();
    const isWhole = this.#isReading && read.length < EVENTS_A_READ && pruned <= from;
    this.#isReading = false;
    if (pruned > from) {
      this.#drop();
      this.#position = pruned;
      return this.#gap(pruned);
    }
    this.#position = read.at(-1)?.seq ?? from;
    if (isWhole) {
      this.#isBehind = false;
      const later = this.#waiting;
      this.#drop();
      for (const event of later) this.push(event);
    } else {
      this.#drop();
      // Others who catch up, and whoever waits for a render, go first.
      await setImmediate();
    }
    return read.map(eventFrame).join('');
  }

  #gap(position: number): string {
    this.#onGap();
    return gapFrame(position);
  }

  #drop(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function framesOf(events: readonly TailedEvent[]): string {
  return events.map(({ frame }) => frame).join('');
}
