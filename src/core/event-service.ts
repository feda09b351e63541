import type { EventFilter, StoredEvent } from './render-event.ts';

export interface ListEvents extends EventFilter {
  readonly profileId: string;
  /** All profiles of the team of `profileId`. */
  readonly allProfiles: boolean;
  readonly since: number | null;
  /** Opaque; `null` starts at the newest. */
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
}

export interface EventPage {
  readonly data: readonly StoredEvent[];
  readonly nextCursor: string | null;
}

/** What a tail gets. `gap`: events that it did not get, and never will; their number, or `null` when nobody knows it any more. */
export type TailItem =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'gap'; readonly missed: number | null; readonly seq: number }
  /** Nothing happened; the connection stands. */
  | { readonly kind: 'heartbeat' };

export interface TailEvents extends EventFilter {
  readonly profileId: string;
  readonly allProfiles: boolean;
  /** Goes on behind this one; `null` starts with what happens now. */
  readonly after: number | null;
}

/** Render events of the caller's profiles. Throws an {@link OutkitError}: `not_found`, `bad_request`. */
export interface EventService {
  /** Newest first. */
  list(query: ListEvents): Promise<EventPage>;
  /**
   * Events as they happen, oldest first, each once, until `signal`. Ends with an error when the connection is cut (`unreachable`), when
   * the server stops (`unavailable`), or when the caller may not see them any more (`not_found`, `unauthenticated`).
   */
  tail(query: TailEvents, signal: AbortSignal): AsyncIterable<TailItem>;
}
