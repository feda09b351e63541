import type { Clock } from '../core/clock.ts';
import { isWellFormedSecret } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import { judge, VERDICTS, type Verdict } from '../core/verdict.ts';
import type { PresentedKey } from './credential.ts';
import { type EmbeddedKeyView, type KnownSecret, limitOf } from './key-view.ts';
import { spend } from './rate-limit.ts';

/** A verdict, and the secret it is about when the gateway knows it. */
export interface Admission {
  readonly verdict: Verdict;
  readonly secret: KnownSecret | null;
}

const MISSING: Admission = { verdict: VERDICTS.missing, secret: null };
const MALFORMED: Admission = { verdict: VERDICTS.malformed, secret: null };
const UNKNOWN: Admission = { verdict: VERDICTS.unknown, secret: null };

export type Authenticate = (presented: Exclude<PresentedKey, { kind: 'ambiguous' }>) => Admission;

/**
 * Decides whether a request may pass, and spends one request of the key's limit when it may. The plaintext lives for one hash call.
 * Does no I/O: a malformed key costs no look-up, a known one a single look-up in memory.
 */
export function createAuthenticate(view: Pick<EmbeddedKeyView, 'find'>, clock: Clock): Authenticate {
  return (presented) => {
    if (presented.kind === 'none') return MISSING;
    if (!isWellFormedSecret(presented.text)) return MALFORMED;
    const secret = view.find(hashSecret(presented.text));
    if (secret === undefined) return UNKNOWN;
    const now = clock.now();
    const verdict = judge(secret, now);
    if (verdict.kind !== 'accepted') return { verdict, secret };
    const within = spend(secret.key.window, limitOf(secret.key), now);
    return { verdict: within ? verdict : VERDICTS.rateLimited, secret };
  };
}
