import type { Key, Secret } from '../core/key.ts';

/** What a change of a key does, of that which may ever change. */
export interface KeyDifference {
  /** Secrets that were there before and have other ends now. */
  readonly endedSecrets: readonly Secret[];
  readonly newSecrets: readonly Secret[];
  /** The latest moment that the change states as past; `null` when it states none, such as for a longer grace window or another end to come. */
  readonly at: number | null;
}

const FIXED_KEY_FIELDS = [
  'id',
  'teamId',
  'profileId',
  'name',
  'environment',
  'createdAt',
  'createdBy',
] as const satisfies readonly (keyof Key)[];

const FIXED_SECRET_FIELDS = [
  'start',
  'ordinal',
  'createdAt',
  'requestDigest',
] as const satisfies readonly (keyof Secret)[];
const SECRET_ENDS = ['supersededAt', 'acceptedUntil', 'revokedAt'] as const satisfies readonly (keyof Secret)[];
const TERMS = ['rateLimitPerMinute', 'expiresAt'] as const satisfies readonly (keyof Key)[];
const REVOCATION_FIELDS = ['revokedAt', 'revokedBy', 'revokeReason'] as const satisfies readonly (keyof Key)[];

/** What differs, or `null` when nothing does. Throws when something differs that is fixed for ever: the caller is wrong. */
export function keyDifference(before: Key, after: Key): KeyDifference | null {
  if (!same(before, after, FIXED_KEY_FIELDS)) throw new Error(`a change of key ${before.id} touches what is fixed`);
  const known = new Map(before.secrets.map((secret) => [secret.hash, secret]));
  const newSecrets = after.secrets.filter((secret) => !known.has(secret.hash));
  const kept = new Set(after.secrets.map((secret) => secret.hash));
  if (before.secrets.some((secret) => !kept.has(secret.hash))) {
    throw new Error(`a change of key ${before.id} drops a secret`);
  }
  const endedSecrets = after.secrets.filter((secret) => {
    const old = known.get(secret.hash);
    if (old === undefined) return false;
    if (!same(old, secret, FIXED_SECRET_FIELDS)) throw new Error(`a change of key ${before.id} rewrites a secret`);
    return !same(old, secret, SECRET_ENDS);
  });
  const isRevoked = !same(before, after, REVOCATION_FIELDS);
  const isSame = !isRevoked && same(before, after, TERMS) && endedSecrets.length === 0 && newSecrets.length === 0;
  if (after.version !== before.version + (isSame ? 0 : 1)) {
    throw new Error(`a change of key ${before.id} makes version ${after.version} of version ${before.version}`);
  }
  if (isSame) return null;
  const revokedAt = isRevoked ? after.revokedAt : null;
  return { endedSecrets, newSecrets, at: latestMoment(known, revokedAt, { endedSecrets, newSecrets }) };
}

function latestMoment(
  known: ReadonlyMap<string, Secret>,
  revokedAt: number | null,
  { endedSecrets, newSecrets }: Pick<KeyDifference, 'endedSecrets' | 'newSecrets'>,
): number | null {
  const moments = newSecrets.map((secret) => secret.createdAt);
  if (revokedAt !== null) moments.push(revokedAt);
  for (const secret of endedSecrets) {
    if (secret.supersededAt !== null) moments.push(secret.supersededAt);
    if (secret.revokedAt !== null) moments.push(secret.revokedAt);
    // An end lies ahead, unless this change brought it forward: then it is the moment of the change itself, and a clock
    // that is set back before it must not revive the secret.
    const oldEnd = known.get(secret.hash)?.acceptedUntil ?? null;
    if (secret.acceptedUntil !== null && oldEnd !== null && secret.acceptedUntil < oldEnd) {
      moments.push(secret.acceptedUntil);
    }
  }
  return moments.length === 0 ? null : Math.max(...moments);
}

function same<Value, Field extends keyof Value>(left: Value, right: Value, fields: readonly Field[]): boolean {
  return fields.every((field) => left[field] === right[field]);
}
