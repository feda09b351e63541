import { OutkitError } from '../core/errors.ts';
import type { TailItem } from '../core/event-service.ts';
import type { FillRandom } from '../core/secret.ts';

/** What there is to see of a log. */
export type LogItem = Exclude<TailItem, { kind: 'heartbeat' }>;

export interface Follower {
  /** Opens the stream behind an event. Called for each connection; what it throws and what the stream throws is treated alike. */
  open(after: number | null, signal: AbortSignal): AsyncIterable<TailItem>;
  show(item: LogItem): void;
  /** Called once when the connection is lost, and once when it is there again. */
  lost(): void;
  regained(): void;
}

/** Time and randomness of whoever follows. */
export interface FollowTools {
  now(): number;
  /** Resolves after that span, or at once when `signal` says so. */
  wait(spanMs: number, signal: AbortSignal): Promise<void>;
  readonly fillRandom: FillRandom;
}

/** What may be over at the next try: the network, or a server that starts again. */
const PASSING = ['unreachable', 'timeout', 'unavailable', 'rate_limited', 'internal'];
/** And once there was a connection: the server may not have noticed yet that it is gone. */
const PASSING_LATER = [...PASSING, 'too_many_tails'];

/** A server that answers and then ends at once is not there yet. */
const STANDING_MS = 10_000;

const MIN_WAIT_MS = 1000;
const MAX_WAIT_MS = 30_000;

/**
 * Shows each item behind `after` once, across any number of connections, until the signal. Throws what no other try would change, such as
 * `not_found` and `unauthenticated` for somebody who may not see it any more.
 */
export async function follow(
  follower: Follower,
  tools: FollowTools,
  after: number | null,
  signal: AbortSignal,
): Promise<void> {
  let last = after;
  let isLost = false;
  let failures = 0;
  let passing = PASSING;
  while (!signal.aborted) {
    try {
      const openedAt = tools.now();
      for await (const item of follower.open(last, signal)) {
        if (isLost) follower.regained();
        isLost = false;
        if (item.kind !== 'heartbeat' || tools.now() - openedAt >= STANDING_MS) failures = 0;
        passing = PASSING_LATER;
        // Nothing was there before, so all that is there after a cut is new.
        last ??= 0;
        if (item.kind === 'heartbeat') continue;
        last = item.kind === 'event' ? item.event.seq : item.seq;
        follower.show(item);
      }
    } catch (error) {
      if (!(error instanceof OutkitError) || !passing.includes(error.code)) throw error;
    }
    if (signal.aborted) return;
    if (!isLost) follower.lost();
    isLost = true;
    await tools.wait(waitMs(failures, tools), signal);
    failures++;
  }
}

/** From 1 s to twice as long after each failure, at most 30 s; anywhere between, so that not all come back at once. */
function waitMs(failures: number, { fillRandom }: Pick<FollowTools, 'fillRandom'>): number {
  const most = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** (failures + 1));
  const [random = 0] = fillRandom(new Uint8Array(1));
  return Math.round(MIN_WAIT_MS + (random / 255) * (most - MIN_WAIT_MS));
}
