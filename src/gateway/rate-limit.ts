import type { RateLimitHeadroom } from '../core/key-service.ts';
import { type KnownKey, limitOf } from './known-key.ts';

/** Requests of one key in the running minute. The window opens with its first request; kept per key, never per secret. */
export interface RateWindow {
  used: number;
  /** Epoch milliseconds; a window that ended counts as empty. */
  endsAt: number;
}

/** What a request came to under the limit of its key, and what is left. */
export interface Spent extends RateLimitHeadroom {
  readonly isWithin: boolean;
}

/** Where the requests of a key's running minute are counted. */
export interface RateLimits {
  /** Spends one request, or nothing when the limit is reached. Never rejects. */
  spend(key: KnownKey, now: number): Spent | Promise<Spent>;
}

export const RATE_WINDOW_MS = 60_000;

export function emptyWindow(): RateWindow {
  return { used: 0, endsAt: 0 };
}

/** Counts in the windows of this process. */
export const localLimits: RateLimits = {
  spend(key, now) {
    return spend(key.window, limitOf(key), now);
  },
};

/** Spends one request, or nothing when the limit is reached. */
export function spend(window: RateWindow, limit: number, now: number): Spent {
  let { used, endsAt } = window;
  if (now >= endsAt) {
    used = 0;
    endsAt = now + RATE_WINDOW_MS;
    window.endsAt = endsAt;
  }
  const isWithin = used < limit;
  if (isWithin) used += 1;
  window.used = used;
  return { isWithin, limit, remaining: Math.max(0, limit - used), resetAt: used === 0 ? null : endsAt };
}

/** What is left, without spending. */
export function headroom(window: RateWindow, limit: number, now: number): RateLimitHeadroom {
  if (now >= window.endsAt || window.used === 0) return { limit, remaining: limit, resetAt: null };
  return { limit, remaining: Math.max(0, limit - window.used), resetAt: window.endsAt };
}
