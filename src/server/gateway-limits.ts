import type { LimitScope, RateLimitHeadroom } from '../core/key-service.ts';
import { headroom, localLimits, type RateLimits, type RateWindow } from '../gateway/rate-limit.ts';
import type { Gauge } from './metrics.ts';

/** Where a gateway counts the requests of a key. */
export interface GatewayLimits {
  readonly limits: RateLimits;
  readonly scope: LimitScope;
  readonly gauges: readonly Gauge[];
  headroomOf(keyId: string, limit: number, now: number): Promise<RateLimitHeadroom>;
  close(): Promise<void>;
}

export interface GatewayLimitsOptions {
  /** Of the Redis in which all gateways count; `null` without one. */
  readonly redisUrl: string | null;
  /** What is wanted without Redis. */
  readonly scope: LimitScope;
  readonly windowOf: (keyId: string) => RateWindow;
  readonly onProblem: (what: string, error: unknown) => void;
  readonly onNotice: (what: string) => void;
}

/** `invalid_config` for a URL of Redis that must not be used. */
export async function openGatewayLimits(options: GatewayLimitsOptions): Promise<GatewayLimits> {
  const { redisUrl, scope, windowOf, onProblem, onNotice } = options;
  const here = (keyId: string, limit: number, now: number) => headroom(windowOf(keyId), limit, now);
  if (redisUrl === null) {
    const headroomOf = async (keyId: string, limit: number, now: number) => here(keyId, limit, now);
    return { limits: localLimits, scope, gauges: [], headroomOf, close: async () => {} };
  }
  // Loaded here: a client of Redis is not small, and most servers have none.
  const { openSharedLimits } = await import('../limits/shared-limits.ts');
  const shared = await openSharedLimits(redisUrl, { onProblem: (what) => onProblem(what, null), onNotice });
  return {
    limits: shared,
    scope: 'shared',
    gauges: [
      {
        name: 'outkit_redis_reachable',
        help: '1 while requests are counted in Redis, 0 while each gateway counts for itself.',
        value: () => Number(shared.facts().isReachable),
      },
      {
        name: 'outkit_limits_judged_locally',
        help: 'Requests since the start that this gateway counted for itself, since Redis could not tell.',
        value: () => shared.facts().judgedLocally,
      },
      {
        name: 'outkit_limit_windows_lost',
        help: 'Windows since the start that Redis lost before their end: each admits up to a limit more.',
        value: () => shared.facts().vanishedWindows,
      },
    ],
    headroomOf: async (keyId, limit, now) => (await shared.headroom(keyId, limit, now)) ?? here(keyId, limit, now),
    close: () => shared.close(),
  };
}
