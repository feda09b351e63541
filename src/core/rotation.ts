import { DAY_MS } from './clock.ts';
import { currentSecret, endOf, type Key, previousSecret, type Secret } from './key.ts';

export const DEFAULT_GRACE_MS = DAY_MS;
export const MAX_GRACE_MS = 7 * DAY_MS;

/** What a client or the server minted for a key, before it belongs to one. */
export type NewSecret = Pick<Secret, 'hash' | 'start' | 'requestDigest'>;

/** Why a transition does not apply to the key as it is. */
export type RotationRefusal = 'key_not_active' | 'rotation_in_progress' | 'no_rotation' | 'grace_too_long';

/** A decision on a key: what it becomes, or why it stays as it is. */
export type KeyDecision<Refusal> = { readonly kind: 'changed'; readonly key: Key } | { readonly kind: Refusal };

type RotationDecision = KeyDecision<RotationRefusal>;

/** Puts a new secret in place of the current one, which is accepted for `graceMs` more (0 ends it now). */
export function rotate(key: Key, minted: NewSecret, graceMs: number, now: number): RotationDecision {
  if (endOf(key, now) !== null) return { kind: 'key_not_active' };
  if (previousSecret(key, now) !== null) return { kind: 'rotation_in_progress' };
  const old = currentSecret(key);
  return changed(withSecret(replaced(key, { ...old, supersededAt: now, acceptedUntil: now + graceMs }), minted, now));
}

/** Mints again inside a grace window when the new secret was lost: the lost one ends now, the old one keeps its end. */
export function replaceNew(key: Key, minted: NewSecret, now: number): RotationDecision {
  if (endOf(key, now) !== null) return { kind: 'key_not_active' };
  if (previousSecret(key, now) === null) return { kind: 'no_rotation' };
  return changed(withSecret(replaced(key, endedNow(currentSecret(key), now)), minted, now));
}

/** Ends the grace window now: only the current secret is accepted from here on. */
export function endGrace(key: Key, now: number): RotationDecision {
  if (endOf(key, now) !== null) return { kind: 'key_not_active' };
  const old = previousSecret(key, now);
  if (old === null) return { kind: 'no_rotation' };
  return changed(replaced(key, { ...old, acceptedUntil: now }));
}

/** Moves the end of the grace window by `byMs`, to at most 7 days after the rotation. */
export function extendGrace(key: Key, byMs: number, now: number): RotationDecision {
  if (endOf(key, now) !== null) return { kind: 'key_not_active' };
  const old = previousSecret(key, now);
  if (old === null || old.acceptedUntil === null || old.supersededAt === null) return { kind: 'no_rotation' };
  const acceptedUntil = old.acceptedUntil + byMs;
  if (acceptedUntil > old.supersededAt + MAX_GRACE_MS) return { kind: 'grace_too_long' };
  return changed(replaced(key, { ...old, acceptedUntil }));
}

/** Undoes a rotation inside its grace window: the new secret ends now, the old one is current again. */
export function cancelRotation(key: Key, now: number): RotationDecision {
  if (endOf(key, now) !== null) return { kind: 'key_not_active' };
  const old = previousSecret(key, now);
  if (old === null) return { kind: 'no_rotation' };
  const reinstated = replaced(key, { ...old, supersededAt: null, acceptedUntil: null });
  return changed(replaced(reinstated, endedNow(currentSecret(key), now)));
}

/** Ends a key for ever. Revoking a revoked key changes nothing and keeps the first time, person and reason. */
export function revoke(key: Key, by: string, reason: string | null, now: number): KeyDecision<'already_revoked'> {
  if (key.revokedAt !== null) return { kind: 'already_revoked' };
  return changed({ ...key, revokedAt: now, revokedBy: by, revokeReason: reason });
}

function endedNow(secret: Secret, now: number): Secret {
  return { ...secret, revokedAt: now };
}

function replaced(key: Key, changedSecret: Secret): Key {
  const secrets = key.secrets.map((secret) => (secret.hash === changedSecret.hash ? changedSecret : secret));
  return { ...key, secrets };
}

function withSecret(key: Key, minted: NewSecret, now: number): Key {
  const ordinal = Math.max(...key.secrets.map((secret) => secret.ordinal)) + 1;
  const secret = { ...minted, ordinal, createdAt: now, supersededAt: null, acceptedUntil: null, revokedAt: null };
  return { ...key, secrets: [...key.secrets, secret] };
}

function changed(key: Key): { kind: 'changed'; key: Key } {
  return { kind: 'changed', key: { ...key, version: key.version + 1 } };
}
