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
export interface JudgedSecret extends SecretEnds {
  /** `refusedFrom` of its ends. */
  readonly refusedFrom: number;
  /** A superseded one. */
  readonly isPrevious: boolean;
  readonly profile: Pick<Profile, 'archivedAt'>;
}

/** Why a secret may be refused by itself. */
export interface SecretEnds {
  /** The key was revoked, or this secret of it was ended at once. */
  readonly revoked: boolean;
  readonly expiresAt: number | null;
  /** First instant at which a superseded secret is refused; `null` for the current one. */
  readonly acceptedUntil: number | null;
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
  const isArchived = secret.profile.archivedAt !== null;
  if (now < secret.refusedFrom && !isArchived) return secret.isPrevious ? VERDICTS.acceptedPrevious : VERDICTS.accepted;
  // Only who is refused needs to know why.
  if (secret.revoked) return VERDICTS.revoked;
  if (isPast(secret.expiresAt, now)) return VERDICTS.expired;
  return isArchived ? VERDICTS.archived : VERDICTS.superseded;
}

/** First instant at which a secret is refused, whatever becomes of its profile: never for `Infinity`, and always for its negative. */
export function refusedFrom({ revoked, expiresAt, acceptedUntil }: SecretEnds): number {
  if (revoked) return Number.NEGATIVE_INFINITY;
  return Math.min(expiresAt ?? Number.POSITIVE_INFINITY, acceptedUntil ?? Number.POSITIVE_INFINITY);
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
