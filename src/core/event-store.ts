import type { EventFilter, StoredEvent } from './render-event.ts';

export interface EventQuery extends EventFilter {
  readonly profileIds: readonly string[];
  /** Epoch milliseconds; `null` goes back to the oldest that is kept. */
  readonly since: number | null;
  /** Only those behind this one, oldest first; or, with `before`, only those before it, newest first. One of them is `null`. */
  readonly after: number | null;
  readonly before: number | null;
  readonly limit: number;
}

/**
 * Storage of render events: what a tail shows and catches up from. Events come in with the counts that they belong to, by
 * `KeyStore.recordUsage`, in one transaction. One contract suite runs over every implementation.
 */
export interface EventStore {
  /** MUST be ordered by seq: ascending with `after`, else descending; at most `limit`. */
  listEvents(query: EventQuery): Promise<readonly StoredEvent[]>;
  /** Seq of the newest event of the server, 0 when there was none; never goes back, not by pruning either. */
  newestEventSeq(): Promise<number>;
  /** All events up to this seq may have been removed; 0 when none was. */
  prunedEventSeq(): Promise<number>;
  /** Removes at most `limit` of the oldest events that are older than `before` or beyond the newest `keep`; resolves to their number. */
  pruneEvents(before: number, keep: number, limit: number): Promise<number>;
}
