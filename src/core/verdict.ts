import type { ErrorCode } from './errors.ts';
import { isPast } from './key.ts';
import type { Profile } from './profile.ts';

/** May this request pass, and if not, why? `previousSecret` says that it came with the old secret of a rotated key. */
export type Verdict = { readonly kind: 'accepted'; readonly previousSecret: boolean } | { readonly kind: RefusalKind };

export const VERDICT_KINDS = [
  'accepted',
  'missing',
  'malformed',
  'unknown',
  'revoked',
  'superseded',
  'expired',
  'archived',
  'rate_limited',
  'unavailable',
] as const satisfies readonly Verdict['kind'][];

export type RefusalKind =
  | 'missing'
  | 'malformed'
  | 'unknown'
  | 'revoked'
  | 'superseded'
  | 'expired'
  | 'archived'
  | 'rate_limited'
  | 'unavailable';

/** What a verdict on a known secret depends on; kept flat, so that judging reads a few fields and allocates nothing. */
export interface JudgedSecret {
  /** The key was revoked, or this secret of it was ended at once. */
  readonly revoked: boolean;
  readonly expiresAt: number | null;
  /** First instant at which a superseded secret is refused; `null` for the current one. */
  readonly acceptedUntil: number | null;
  readonly profile: Pick<Profile, 'archivedAt'>;
}

/** The verdicts as frozen values: comparing them by identity is enough. */
export const VERDICTS = {
  accepted: Object.freeze({ kind: 'accepted', previousSecret: false }),
  acceptedPrevious: Object.freeze({ kind: 'accepted', previousSecret: true }),
  missing: Object.freeze({ kind: 'missing' }),
  malformed: Object.freeze({ kind: 'malformed' }),
  unknown: Object.freeze({ kind: 'unknown' }),
  revoked: Object.freeze({ kind: 'revoked' }),
  superseded: Object.freeze({ kind: 'superseded' }),
  expired: Object.freeze({ kind: 'expired' }),
  archived: Object.freeze({ kind: 'archived' }),
  rateLimited: Object.freeze({ kind: 'rate_limited' }),
  unavailable: Object.freeze({ kind: 'unavailable' }),
} as const satisfies Record<string, Verdict>;

/**
 * Judges a secret that the gateway knows, at a time. Revoked is named before expired: it is the stronger word. Archived is named
 * before superseded, whose advice is to use the new secret.
 */
export function judge(secret: JudgedSecret, now: number): Verdict {
  if (secret.revoked) return VERDICTS.revoked;
  if (isPast(secret.expiresAt, now)) return VERDICTS.expired;
  if (secret.profile.archivedAt !== null) return VERDICTS.archived;
  if (secret.acceptedUntil === null) return VERDICTS.accepted;
  return now < secret.acceptedUntil ? VERDICTS.acceptedPrevious : VERDICTS.superseded;
}

/** The catalogue's code for each refusal. */
export const REFUSAL_CODES = {
  missing: 'key_missing',
  malformed: 'key_malformed',
  unknown: 'key_unknown',
  revoked: 'key_revoked',
  superseded: 'key_superseded',
  expired: 'key_expired',
  archived: 'key_archived',
  rate_limited: 'rate_limited',
  unavailable: 'unavailable',
} as const satisfies Record<RefusalKind, ErrorCode>;
