import { currentSecret, endedSecrets, endOf, isPast, type Key, keyStatusIn, previousSecret } from '../core/key.ts';
import type { EndedSecret, KeySummary } from '../core/key-service.ts';
import type { Profile } from '../core/profile.ts';
import type { LastUse } from '../core/usage.ts';

/** A key that was rotated for years has many ended secrets; people look at the last ones. */
const SHOWN_ENDED_SECRETS = 20;

/** A key as people see it at a time. `lastUses` may hold those of other keys too. */
export function summaryOf(key: Key, profile: Profile, lastUses: readonly LastUse[], now: number): KeySummary {
  const previous = profile.archivedAt === null ? previousSecret(key, now) : null;
  const ownUses = lastUses.filter((use) => use.keyId === key.id);
  return {
    id: key.id,
    name: key.name,
    profileId: key.profileId,
    environment: key.environment,
    start: currentSecret(key).start,
    status: keyStatusIn(profile, key, now),
    rateLimitPerMinute: key.rateLimitPerMinute,
    createdAt: key.createdAt,
    createdBy: key.createdBy,
    expiresAt: key.expiresAt,
    revokedAt: key.revokedAt,
    revokeReason: key.revokeReason,
    lastUsedAt: latest(ownUses)?.at ?? null,
    previousSecret:
      previous === null || previous.acceptedUntil === null
        ? null
        : {
            start: previous.start,
            acceptedUntil: previous.acceptedUntil,
            lastUsedAt: latest(ownUses.filter((use) => use.secretOrdinal === previous.ordinal))?.at ?? null,
          },
    endedSecrets: endedSecretsOf(key, now),
  };
}

export function latest(uses: readonly LastUse[]): LastUse | null {
  return uses.reduce<LastUse | null>((found, use) => (found === null || use.at > found.at ? use : found), null);
}

function endedSecretsOf(key: Key, now: number): EndedSecret[] {
  return endedSecrets(key, now)
    .slice(-SHOWN_ENDED_SECRETS)
    .map((secret) => {
      const { start, createdAt, revokedAt, acceptedUntil } = secret;
      if (revokedAt !== null) return { start, createdAt, endedAt: revokedAt, reason: 'revoked' };
      const keyEnd = endOf(key, now);
      const endedWithKey = keyEnd !== null && !isPast(acceptedUntil, keyEnd);
      return endedWithKey
        ? { start, createdAt, endedAt: keyEnd, reason: key.revokedAt === null ? 'expired' : 'revoked' }
        : { start, createdAt, endedAt: acceptedUntil ?? createdAt, reason: 'superseded' };
    });
}
