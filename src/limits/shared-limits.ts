import type { RateLimitHeadroom } from '../core/key-service.ts';
import { type KnownKey, limitOf } from '../gateway/known-key.ts';
import { type RateLimits, type RateWindow, type Spent, spend } from '../gateway/rate-limit.ts';
import { readRedisAddress } from './redis-address.ts';
import { type LinkReports, RedisLink } from './redis-link.ts';
import type { SharedCount } from './spend-script.ts';

/** For metrics; counts since the start. */
export interface SharedLimitsFacts {
  readonly isReachable: boolean;
  /** Requests that this gateway counted for itself, since Redis could not tell. */
  readonly judgedLocally: number;
  /** Windows that Redis had lost, wholly or in part, before their end: each admits up to a limit more. */
  readonly vanishedWindows: number;
}

/** Rate limits of which several gateways spend together. */
export interface SharedLimits extends RateLimits {
  /** What is left, without spending; `null` when Redis cannot tell, so that only the gateway's own windows can. Never rejects. */
  headroom(keyId: string, limit: number, now: number): Promise<RateLimitHeadroom | null>;
  facts(): SharedLimitsFacts;
  /** Ends the connection. Requests that still come are counted here. */
  close(): Promise<void>;
}

/** So long a request waits for Redis. */
const DEFAULT_ANSWER_MS = 50;

/**
 * Counts in the Redis server at `url`, and in the key's own window while that is away: then no request waits. It is away when it does not
 * answer within `answerMs`. Resolves after the first attempt to reach it, at most about 2 s, also when that failed. `invalid_config` for a
 * URL that must not be used.
 */
export async function openSharedLimits(
  url: string,
  reports: LinkReports,
  answerMs = DEFAULT_ANSWER_MS,
): Promise<SharedLimits> {
  const link = new RedisLink(readRedisAddress(url), reports, answerMs);
  await link.start();
  return new RedisLimits(link);
}

/** Clocks of two machines run apart by less than this in a window. */
const DRIFT_MS = 1_000;

class RedisLimits implements SharedLimits {
  readonly #link: RedisLink;
  /** What Redis last said of a window, forgotten together with what the gateway knows of the key. */
  readonly #told = new WeakMap<RateWindow, Readonly<RateWindow>>();
  #judgedLocally = 0;
  #vanishedWindows = 0;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  spend(key: KnownKey, now: number): Spent | Promise<Spent> {
    const limit = limitOf(key);
    const told = this.#told.get(key.window);
    if (told !== undefined && now < told.endsAt && told.used >= limit) {
      return { isWithin: false, limit, remaining: 0, resetAt: told.endsAt };
    }
    return this.#link.isOpen ? this.#spendShared(key, limit, now) : this.#spendHere(key, limit, now);
  }

  async headroom(keyId: string, limit: number, now: number): Promise<RateLimitHeadroom | null> {
    const count = await this.#link.spend(keyId, 0);
    if (count === null) return null;
    const resetAt = count.used === 0 ? null : now + count.ttlMs;
    return { limit, remaining: Math.max(0, limit - count.used), resetAt };
  }

  facts(): SharedLimitsFacts {
    return {
      isReachable: this.#link.isOpen,
      judgedLocally: this.#judgedLocally,
      vanishedWindows: this.#vanishedWindows,
    };
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  async #spendShared(key: KnownKey, limit: number, now: number): Promise<Spent> {
    const count = await this.#link.spend(key.id, limit);
    if (count === null) return this.#spendHere(key, limit, now);
    const { used, endsAt } = this.#take(key.window, count, now);
    return { isWithin: count.isWithin, limit, remaining: Math.max(0, limit - used), resetAt: endsAt };
  }

  #spendHere(key: KnownKey, limit: number, now: number): Spent {
    this.#judgedLocally += 1;
    return spend(key.window, limit, now);
  }

  /** Remembers what Redis said, and goes on from there when it is away. */
  #take(window: RateWindow, { isWithin, used, ttlMs }: SharedCount, now: number): Readonly<RateWindow> {
    const before = this.#told.get(window);
    const movedMs = now + ttlMs - (before?.endsAt ?? 0);
    const isRunning = before !== undefined && now < before.endsAt - DRIFT_MS;
    // Either may hide: others may have spent more of a new window by now, or it was opened soon after the one that is gone.
    const isAnother = used - Number(isWithin) < (before?.used ?? 0) || movedMs >= DRIFT_MS;
    if (isRunning && isAnother) this.#vanishedWindows += 1;
    // The time that an answer takes must not move the end that a client was told.
    const endsAt = before !== undefined && Math.abs(movedMs) < DRIFT_MS ? before.endsAt : now + ttlMs;
    const told = { used, endsAt };
    this.#told.set(window, told);
    if (now >= window.endsAt) Object.assign(window, told);
    // What was counted here meanwhile stays counted: else each outage of a minute would admit the limit anew.
    else window.used = Math.max(window.used, used);
    return told;
  }
}
