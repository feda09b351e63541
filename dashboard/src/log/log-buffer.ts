import type { LogItem } from '../../../src/client/follow.ts';

/** So many lines are kept; a page that is open for a day has no more of them than one that was opened now. */
export const MAX_LINES = 2_000;
/** Beyond the limit by so much, the oldest are taken out at once: one by one would move all others each time. */
const SLACK_LINES = 500;

/** The log as it stands at one moment. It does not change any more. */
export interface LogView {
  /** The newest first. */
  readonly lines: readonly LogItem[];
  /** Events that came; those that are not in `lines` had to make room. */
  readonly received: number;
  readonly skipped: number;
}

/** The newest lines of a log, and how many events came in all. Adding one costs the same however many there are. */
export class LogBuffer {
  /** The oldest first. */
  #lines: LogItem[] = [];
  #received = 0;

  add(item: LogItem): void {
    if (item.kind === 'event') this.#received += 1;
    this.#lines.push(item);
    if (this.#lines.length >= MAX_LINES + SLACK_LINES) this.#lines = this.#lines.slice(-MAX_LINES);
  }

  view(): LogView {
    const lines = this.#lines.slice(-MAX_LINES).reverse();
    const events = lines.filter(({ kind }) => kind === 'event').length;
    return { lines, received: this.#received, skipped: this.#received - events };
  }
}

/** Of an event and of a gap alike: where it stands in the log. */
export function seqOf(item: LogItem): number {
  return item.kind === 'event' ? item.event.seq : item.seq;
}
