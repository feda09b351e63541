import type { Key, Secret } from '../src/core/key.ts';
import type { Profile } from '../src/core/profile.ts';

/** 2026-01-31T12:00:00Z. */
export const NOON = Date.UTC(2026, 0, 31, 12);

export function aSecret(fields: Partial<Secret> = {}): Secret {
  return {
    hash: 'a'.repeat(64),
    start: 'okd_Abcd',
    ordinal: 1,
    createdAt: NOON,
    supersededAt: null,
    acceptedUntil: null,
    revokedAt: null,
    requestDigest: '0'.repeat(64),
    ...fields,
  };
}

export function aKey(fields: Partial<Key> = {}): Key {
  return {
    id: 'key_2222222222222222',
    teamId: 'team_2222222222222222',
    profileId: 'prof_2222222222222222',
    name: 'dev key',
    environment: 'development',
    rateLimitPerMinute: null,
    expiresAt: null,
    createdAt: NOON,
    createdBy: 'local',
    revokedAt: null,
    revokedBy: null,
    revokeReason: null,
    version: 1,
    secrets: [aSecret()],
    ...fields,
  };
}

/** The profile of {@link aKey}. */
export function aProfile(fields: Partial<Profile> = {}): Profile {
  const { profileId, teamId } = aKey();
  return { id: profileId, teamId, name: 'P', plan: 'pro', design: {}, createdAt: NOON, archivedAt: null, ...fields };
}
