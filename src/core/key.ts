import type { Environment } from './environment.ts';
import type { Profile } from './profile.ts';
import type { SecretHash } from './secret-hash.ts';

/** One plaintext of a key, known by its hash and first eight characters. Times are epoch milliseconds. */
export interface Secret {
  readonly hash: SecretHash;
  readonly start: string;
  /** 1 for the secret that the key was created with, one more for each later one. */
  readonly ordinal: number;
  readonly createdAt: number;
  /** When a rotation put another secret in its place; `null` while it is the current one. */
  readonly supersededAt: number | null;
  /** First instant at which a superseded secret is refused; `null` while it is the current one. */
  readonly acceptedUntil: number | null;
  /** When it was ended at once: a rotation that was cancelled, or a lost secret that was replaced. */
  readonly revokedAt: number | null;
  /** Digest of the request that minted it, so that the same request again is the same answer. */
  readonly requestDigest: string;
}

/** A stable identity, bound to one profile for ever. Its secrets change; at most two are accepted at a time. */
export interface Key {
  readonly id: string;
  readonly teamId: string;
  readonly profileId: string;
  readonly name: string;
  readonly environment: Environment;
  /** The key's own limit; `null` takes that of the profile's plan. */
  readonly rateLimitPerMinute: number | null;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
  readonly revokeReason: string | null;
  /** 1 at creation, one more with each change: whoever holds two states of a key knows the newer. */
  readonly version: number;
  /** In the order of their ordinals. */
  readonly secrets: readonly Secret[];
}

/** Requests a minute. */
export const MAX_RATE_LIMIT = 1_000_000_000;

export const KEY_STATUSES = ['active', 'rotating', 'expired', 'revoked', 'archived'] as const;

/** Derived from a key, its profile and a time, never stored. */
export type KeyStatus = (typeof KEY_STATUSES)[number];

/** What a key would be in a profile that stands. */
export function keyStatus(key: Key, now: number): Exclude<KeyStatus, 'archived'> {
  if (key.revokedAt !== null) return 'revoked';
  if (isPast(key.expiresAt, now)) return 'expired';
  return previousSecret(key, now) === null ? 'active' : 'rotating';
}

/** What a key is in its profile: one that has not ended by itself is refused all the same when its profile is archived. */
export function keyStatusIn({ archivedAt }: Pick<Profile, 'archivedAt'>, key: Key, now: number): KeyStatus {
  return archivedAt !== null && endOf(key, now) === null ? 'archived' : keyStatus(key, now);
}

/** When the key ended as a whole, with all its secrets; `null` while it stands. */
export function endOf(key: Key, now: number): number | null {
  return key.revokedAt ?? (isPast(key.expiresAt, now) ? key.expiresAt : null);
}

/** The secret without an end. Every key has exactly one, a revoked key too. */
export function currentSecret(key: Key): Secret {
  const current = key.secrets.find((secret) => secret.revokedAt === null && secret.acceptedUntil === null);
  if (current === undefined) throw new Error(`key ${key.id} has no current secret`);
  return current;
}

/** The secret in its grace window, or `null`. A key that ended has none. */
export function previousSecret(key: Key, now: number): Secret | null {
  if (endOf(key, now) !== null) return null;
  return key.secrets.find((secret) => secret.acceptedUntil !== null && isAcceptedSecret(secret, now)) ?? null;
}

/** Every secret but the current and the previous one: superseded, cancelled, replaced, or ended in its grace window with the key. */
export function endedSecrets(key: Key, now: number): readonly Secret[] {
  const standing = [currentSecret(key), previousSecret(key, now)];
  return key.secrets.filter((secret) => !standing.includes(secret));
}

export function isAcceptedSecret(secret: Secret, now: number): boolean {
  return secret.revokedAt === null && !isPast(secret.acceptedUntil, now);
}

/** Ends are the first instant that is out: a grace window of 24 h accepts at 23:59:59.999 and refuses at 24:00:00.000. */
export function isPast(end: number | null, now: number): boolean {
  return end !== null && now >= end;
}
