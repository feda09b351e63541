import type { EventQuery } from '../../core/event-store.ts';
import { fitsFilter, type RenderEvent, type StoredEvent } from '../../core/render-event.ts';

/** The log of render events, in an array. */
export class MemoryEvents {
  #events: readonly StoredEvent[] = [];
  #newestSeq = 0;
  #prunedSeq = 0;

  get newestSeq(): number {
    return this.#newestSeq;
  }

  get prunedSeq(): number {
    return this.#prunedSeq;
  }

  append(events: readonly RenderEvent[]): readonly StoredEvent[] {
    const stored = events.map((event, index) => ({ ...event, seq: this.#newestSeq + 1 + index }));
    this.#newestSeq += stored.length;
    this.#events = [...this.#events, ...stored];
    return stored;
  }

  list({ profileIds, since, after, before, limit, ...filter }: EventQuery): readonly StoredEvent[] {
    const found = this.#events
      .filter((event) => profileIds.includes(event.profileId) && fitsFilter(event, filter))
      .filter(({ at }) => since === null || at >= since)
      .filter(({ seq }) => (after === null || seq > after) && (before === null || seq < before));
    return (after === null ? found.reverse() : found).slice(0, limit);
  }

  prune(before: number, keep: number, limit: number): number {
    const beyond = this.#events.length - keep;
    const kept = this.#events.findIndex(({ at }, index) => index >= limit || (index >= beyond && at >= before));
    const count = kept === -1 ? this.#events.length : kept;
    this.#prunedSeq = this.#events[count - 1]?.seq ?? this.#prunedSeq;
    this.#events = this.#events.slice(count);
    return count;
  }
}
