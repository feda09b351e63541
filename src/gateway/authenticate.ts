import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { RateLimitHeadroom } from '../core/key-service.ts';
import { isWellFormedSecret } from '../core/secret.ts';
import { hashSecret, type SecretHash } from '../core/secret-hash.ts';
import { judge, VERDICTS, type Verdict } from '../core/verdict.ts';
import type { PresentedKey } from './credential.ts';
import type { KeyView } from './key-view.ts';
import type { KnownSecret } from './known-key.ts';
import type { RateLimits, Spent } from './rate-limit.ts';
import { UnknownLookUps } from './unknown-look-ups.ts';

/** A verdict, and the secret it is about when the gateway knows it. */
export interface Admission {
  readonly verdict: Verdict;
  readonly secret: KnownSecret | null;
  /** What is left of the limit; `null` for what never came to it. */
  readonly limit: RateLimitHeadroom | null;
}

const MISSING: Admission = { verdict: VERDICTS.missing, secret: null, limit: null };
const MALFORMED: Admission = { verdict: VERDICTS.malformed, secret: null, limit: null };
const UNKNOWN: Admission = { verdict: VERDICTS.unknown, secret: null, limit: null };
const UNAVAILABLE: Admission = { verdict: VERDICTS.unavailable, secret: null, limit: null };

/** `ip` is who asks. A promise only when memory cannot tell, or the limit is counted elsewhere. */
export type Authenticate = (
  presented: Exclude<PresentedKey, { kind: 'ambiguous' }>,
  ip: string,
) => Admission | Promise<Admission>;

export interface AuthenticatePorts {
  readonly view: Pick<KeyView, 'find' | 'read'>;
  readonly limits: RateLimits;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
}

/**
 * Decides whether a request may pass, and spends one request of the key's limit when it may. The plaintext lives for one hash call. A
 * malformed key costs no look-up, a known one a single look-up in memory. Where nobody can tell, the request is refused.
 */
export function createAuthenticate({ view, limits, clock, monotonicNow }: AuthenticatePorts): Authenticate {
  const lookUps = new UnknownLookUps(monotonicNow);

  function admit(hash: SecretHash, secret: KnownSecret | null, now: number): Admission | Promise<Admission> {
    if (secret === null) return UNKNOWN;
    const verdict = judge(secret, now);
    if (verdict.kind !== 'accepted') return { verdict, secret, limit: null };
    const spent = limits.spend(secret.key, now);
    return spent instanceof Promise
      ? spent.then((limit) => admitSpent(hash, limit))
      : admission(verdict, secret, spent);
  }

  /** What was known may have changed while the limit was asked for. */
  async function admitSpent(hash: SecretHash, spent: Spent): Promise<Admission> {
    const secret = view.find(hash) ?? (await view.read(hash, monotonicNow()));
    if (secret === null) return UNKNOWN;
    const verdict = judge(secret, clock.now());
    return verdict.kind === 'accepted' ? admission(verdict, secret, spent) : { verdict, secret, limit: null };
  }

  async function admitAfterRead(hash: SecretHash, ip: string): Promise<Admission> {
    if (lookUps.isExhausted(ip)) return UNAVAILABLE;
    const secret = await view.read(hash, monotonicNow());
    if (secret === null) lookUps.count(ip);
    return admit(hash, secret, clock.now());
  }

  return (presented, ip) => {
    if (presented.kind === 'none') return MISSING;
    if (!isWellFormedSecret(presented.text)) return MALFORMED;
    const hash = hashSecret(presented.text);
    // The time first: while memory is waited for, the processor goes on with whatever is not a clock.
    const now = clock.now();
    const secret = view.find(hash);
    const admitted = secret === undefined ? admitAfterRead(hash, ip) : admit(hash, secret, now);
    return admitted instanceof Promise ? admitted.catch(unavailable) : admitted;
  };
}

function admission(accepted: Verdict, secret: KnownSecret, spent: Spent): Admission {
  return { verdict: spent.isWithin ? accepted : VERDICTS.rateLimited, secret, limit: spent };
}

function unavailable(error: unknown): Admission {
  if (error instanceof OutkitError && error.code === 'unavailable') return UNAVAILABLE;
  throw error;
}
