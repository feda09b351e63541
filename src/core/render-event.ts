import type { Verdict } from './verdict.ts';

/** One finished request of the renderer by a known key, or several refused ones that were alike in one second. Times are epoch milliseconds. */
export interface RenderEvent {
  /** When it finished; of several, the last. */
  readonly at: number;
  readonly profileId: string;
  readonly keyId: string;
  readonly keyName: string;
  /** First eight characters of the secret. */
  readonly start: string;
  /** Of the last one, where there are several. */
  readonly requestId: string;
  readonly method: string;
  /** Without the query: a key that was put there by mistake must not be kept. */
  readonly path: string;
  readonly status: number;
  readonly verdict: Verdict['kind'];
  readonly durationUs: number;
  /** Blocks in the answer; `null` when the route gives none. */
  readonly blocks: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly ip: string;
  /** As it may be kept. */
  readonly agent: string;
  /** How many requests it stands for: more than 1 only for refused and limited ones of one key, verdict and second. */
  readonly count: number;
  /** The server ended before the answer did; `status` is then what was about to be answered. */
  readonly isInterrupted: boolean;
}

/** An event in its place in the log. `seq` grows with each event of the server, and has gaps for a profile. */
export interface StoredEvent extends RenderEvent {
  readonly seq: number;
}

/** Which events somebody wants. Every field that is not `null` has to fit. */
export interface EventFilter {
  readonly keyId: string | null;
  /** Inclusive bounds. */
  readonly status: { readonly min: number; readonly max: number } | null;
  /** The whole path, such as `/render/enhance`. */
  readonly path: string | null;
}

export const ALL_EVENTS: EventFilter = { keyId: null, status: null, path: null };

export function fitsFilter(event: RenderEvent, { keyId, status, path }: EventFilter): boolean {
  if (keyId !== null && event.keyId !== keyId) return false;
  if (status !== null && (event.status < status.min || event.status > status.max)) return false;
  return path === null || event.path === path;
}
