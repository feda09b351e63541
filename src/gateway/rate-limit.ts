import type { RateLimitHeadroom } from '../core/key-service.ts';

/** Requests of one key in the running minute. The window opens with its first request; kept per key, never per secret. */
export interface RateWindow {
  used: number;
  /** Epoch milliseconds; a window that ended counts as empty. */
  endsAt: number;
}

export const RATE_WINDOW_MS = 60_000;

export function emptyWindow(): RateWindow {
  return { used: 0, endsAt: 0 };
}

/** Spends one request, or answers false and spends nothing when the limit is reached. */
export function spend(window: RateWindow, limit: number, now: number): boolean {
  if (now >= window.endsAt) {
    window.used = 0;
    window.endsAt = now + RATE_WINDOW_MS;
  }
  if (window.used >= limit) return false;
  window.used += 1;
  return true;
}

/** What is left, without spending. */
export function headroom(window: RateWindow, limit: number, now: number): RateLimitHeadroom {
  if (now >= window.endsAt || window.used === 0) return { limit, remaining: limit, resetAt: null };
  return { limit, remaining: Math.max(0, limit - window.used), resetAt: window.endsAt };
}
