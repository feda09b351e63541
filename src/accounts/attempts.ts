import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { AttemptBy, AttemptKind, Attempts } from '../core/attempts.ts';
import { OutkitError } from '../core/errors.ts';
import { networkOf } from '../core/network.ts';

interface Share {
  /** Attempts in `perS` seconds, counted from the first. */
  readonly attempts: number;
  readonly perS: number;
}

interface Shares {
  readonly address: Share;
  /** From one address on one account. */
  readonly pair: Share | null;
  /** On one account, from anywhere: large, so that nobody is locked out by somebody else's guesses for long. */
  readonly account: Share | null;
}

const QUARTER_S = 15 * 60;

/** Of failures; device requests and polls have no right or wrong, so all of them count. */
export const SHARES: Readonly<Record<AttemptKind, Shares>> = {
  sign_in: {
    address: { attempts: 30, perS: QUARTER_S },
    pair: { attempts: 5, perS: QUARTER_S },
    account: { attempts: 50, perS: 60 * 60 },
  },
  setup: { address: { attempts: 10, perS: QUARTER_S }, pair: null, account: null },
  invitation: { address: { attempts: 20, perS: QUARTER_S }, pair: null, account: null },
  reset_request: {
    address: { attempts: 20, perS: 60 * 60 },
    pair: { attempts: 3, perS: 60 * 60 },
    account: { attempts: 10, perS: 60 * 60 },
  },
  reset: { address: { attempts: 20, perS: QUARTER_S }, pair: null, account: null },
  device_code: {
    address: { attempts: 20, perS: 10 * 60 },
    pair: null,
    account: { attempts: 5, perS: 10 * 60 },
  },
  device_request: { address: { attempts: 20, perS: 10 * 60 }, pair: null, account: null },
  device_token: { address: { attempts: 30, perS: 10 * 60 }, pair: null, account: null },
};

interface Limit {
  readonly limiter: RateLimiterMemory;
  keyOf(by: AttemptBy): string | null;
}

/**
 * Attempts in the memory of this process. What an address may fill is bounded by its own share, since that is counted first and the
 * others only after it.
 */
export function memoryAttempts(): Attempts {
  const limits = new Map<AttemptKind, readonly Limit[]>();
  for (const [kind, shares] of Object.entries(SHARES)) limits.set(kind as AttemptKind, limitsOf(shares));
  const limitsFor = (kind: AttemptKind) => limits.get(kind) ?? [];
  return {
    async count(kind, by) {
      for (const { limiter, keyOf } of limitsFor(kind)) {
        const key = keyOf(by);
        if (key === null) continue;
        await limiter.consume(key).catch((refused: unknown) => {
          throw refused instanceof RateLimiterRes ? tooMany(refused.msBeforeNext) : refused;
        });
      }
    },
    async forgive(kind, by) {
      for (const { limiter, keyOf } of limitsFor(kind)) {
        const key = keyOf(by);
        if (key !== null) await limiter.reward(key);
      }
    },
  };
}

function limitsOf({ address, pair, account }: Shares): Limit[] {
  const limit = (share: Share | null, keyOf: Limit['keyOf']) =>
    share === null ? [] : [{ limiter: new RateLimiterMemory({ points: share.attempts, duration: share.perS }), keyOf }];
  return [
    ...limit(address, ({ ip }) => networkOf(ip)),
    ...limit(pair, ({ ip, account: name }) => name && `${networkOf(ip)} ${name}`),
    ...limit(account, ({ account: name }) => name),
  ];
}

function tooMany(waitMs: number): OutkitError {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return new OutkitError(
    'rate_limited',
    'Too many attempts',
    `wait ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, then try again`,
    { retryAfterMs: waitMs },
  );
}
