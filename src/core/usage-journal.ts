import type { RenderEvent } from './render-event.ts';
import type { JournalPosition } from './usage.ts';

/** An answer of the renderer to a known key. */
export interface KeyAnswer {
  /** Before the first byte leaves, what is about to be answered; afterwards, what was. */
  readonly event: RenderEvent;
  readonly secretOrdinal: number;
  /** Came with the old secret of a rotated key. */
  readonly inGrace: boolean;
}

/** What is known of an answer only when it is over. */
export type AnswerEnd = Pick<RenderEvent, 'at' | 'status' | 'durationUs' | 'blocks' | 'bytesOut'>;

/** `number` tells the answers of one journal apart. */
export interface StartRecord {
  readonly kind: 'start';
  readonly number: number;
  readonly answer: KeyAnswer;
}

export type JournalRecord =
  | StartRecord
  | { readonly kind: 'end'; readonly number: number; readonly end: AnswerEnd }
  /** Events that were held back become part of the log here, those of seconds before this one. */
  | { readonly kind: 'release'; readonly beforeSecond: number };

/** The position of a journal that was replayed: nothing of it is left to count. */
export const REPLAYED = Number.MAX_SAFE_INTEGER;

/**
 * What was answered, written down before it is counted. An answer is counted once: where its end stands, or when the journal is
 * replayed without one. So a position says which ends are counted, and starts before it may still be open.
 */
export interface UsageJournal {
  /**
   * Appends all records, in their order, or throws `unavailable` and appends none. When it returns, the end of the process loses
   * nothing of it.
   */
  append(records: readonly JournalRecord[]): void;
  /** Throws `unavailable` while it cannot keep its promise: it must not take more starts until it is renewed. */
  requireSound(): void;
  /** Resolves when what was appended is safe from a loss of power; `null` where answers do not wait for that. Rejects with `unavailable`. */
  durable(): Promise<void> | null;
  /** Behind everything that was appended; `null` for no journal at all. */
  position(): JournalPosition | null;
  /** It has grown long, or is not sound. */
  readonly needsRenewal: boolean;
  /** Begins anew at the same position with these starts alone. MUST be called only when everything else is counted and stored. */
  renew(open: readonly StartRecord[]): void;
  /** Removes it when nothing in it is left to count. Safe to call twice. */
  close(isDone: boolean): Promise<void>;
}
