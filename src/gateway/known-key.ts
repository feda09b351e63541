import type { Key, Secret } from '../core/key.ts';
import { type DesignTokens, PLANS, type Plan } from '../core/profile.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import { type JudgedSecret, refusedFrom } from '../core/verdict.ts';
import type { RateWindow } from './rate-limit.ts';

/**
 * What the gateway knows of a profile: one cell that all its keys refer to and that is written in place, so that a change reaches
 * every key at once, however many there are.
 */
export interface KnownProfile {
  readonly id: string;
  readonly plan: Plan;
  readonly design: DesignTokens;
  readonly archivedAt: number | null;
}

/** What the gateway knows of a key: shared by its secrets, so that they share one limit. */
export interface KnownKey {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly profile: KnownProfile;
  /** `null` takes that of the plan. */
  readonly ownLimitPerMinute: number | null;
  /** One object for as long as the key is known, where several gateways share limits: what Redis said is kept beside it. */
  readonly window: RateWindow;
}

/** Requests a minute: the key's own limit, or that of its profile's plan as it is now. */
export function limitOf({ ownLimitPerMinute, profile }: Pick<KnownKey, 'ownLimitPerMinute' | 'profile'>): number {
  return ownLimitPerMinute ?? PLANS[profile.plan].rateLimitPerMinute;
}

/** What the gateway knows of a secret. */
export interface KnownSecret extends JudgedSecret {
  readonly hash: SecretHash;
  readonly key: KnownKey;
  readonly ordinal: number;
  readonly start: string;
  readonly supersededAt: number | null;
}

/** A secret of a key, as it is judged. */
export function knownSecret(key: Key, secret: Secret, known: KnownKey): KnownSecret {
  return {
    hash: secret.hash,
    key: known,
    profile: known.profile,
    ordinal: secret.ordinal,
    start: secret.start,
    supersededAt: secret.supersededAt,
    ...judgedEnds(key, secret),
  };
}

/** How a secret ends, by itself and with its key. */
export function judgedEnds(key: Key, { acceptedUntil, revokedAt }: Secret): Omit<JudgedSecret, 'profile'> {
  const ends = { revoked: key.revokedAt !== null || revokedAt !== null, expiresAt: key.expiresAt, acceptedUntil };
  return { ...ends, isPrevious: acceptedUntil !== null, refusedFrom: refusedFrom(ends) };
}
