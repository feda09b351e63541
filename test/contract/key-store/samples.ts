import type { AuditAuthor } from '../../../src/core/audit.ts';
import type { Key, Secret } from '../../../src/core/key.ts';
import type { KeyQuery } from '../../../src/core/key-store.ts';
import type { Profile, Team } from '../../../src/core/profile.ts';
import { type LastUse, NO_USAGE, type UsageRow } from '../../../src/core/usage.ts';

export const TEAM: Team = { id: 'team_1', name: 'Aye-aye', createdAt: 10 };
export const OTHER_TEAM: Team = { id: 'team_2', name: 'Okapi', createdAt: 20 };

export const PROFILE: Profile = {
  id: 'prof_1',
  teamId: TEAM.id,
  name: 'Web',
  plan: 'free',
  design: { '--outkit-primary': '#b30069' },
  createdAt: 30,
  archivedAt: null,
};
export const SECOND_PROFILE: Profile = { ...PROFILE, id: 'prof_2', name: 'Mail', plan: 'pro', createdAt: 31 };
export const OTHER_PROFILE: Profile = { ...PROFILE, id: 'prof_3', teamId: OTHER_TEAM.id, createdAt: 32 };

/** So early that it moves no clock. */
export const AUTHOR: AuditAuthor = { actor: 'ada', session: null, client: 'outkit/1.2.3', ip: '192.0.2.7', at: 0 };

/** Text that a store must not read, fold, trim or cut. */
export const ODD_TEXTS = [
  '🦔 Ñandú ﬁ — “quoted”',
  `Robert'); DROP TABLE keys;-- " \` \\`,
  '100%_off?',
  '  outer  spaces\t\nand lines ',
  'é',
  'e\u0301',
  '\u202Eright to left',
  'x'.repeat(10_000),
  '',
] as const;

export function hashOf(number: number): string {
  return number.toString(16).padStart(64, '0');
}

export function sampleSecret(number: number, fields: Partial<Secret> = {}): Secret {
  return {
    hash: hashOf(number),
    start: 'ok_d_abc',
    ordinal: 1,
    createdAt: 1_000,
    supersededAt: null,
    acceptedUntil: null,
    revokedAt: null,
    requestDigest: `digest ${number}`,
    ...fields,
  };
}

/** Key `key_<number>` with one secret, whose hash is `hashOf(number)`. */
export function sampleKey(number: number, fields: Partial<Key> = {}): Key {
  return {
    id: `key_${String(number).padStart(4, '0')}`,
    teamId: TEAM.id,
    profileId: PROFILE.id,
    name: `Key ${number}`,
    environment: 'development',
    rateLimitPerMinute: null,
    expiresAt: null,
    createdAt: 1_000,
    createdBy: 'ada',
    revokedAt: null,
    revokedBy: null,
    revokeReason: null,
    version: 1,
    secrets: [sampleSecret(number)],
    ...fields,
  };
}

export function revoked(key: Key, at = 2_000): Key {
  return { ...key, revokedAt: at, revokedBy: 'grace', revokeReason: null, version: key.version + 1 };
}

export function allOf(profileId: string, fields: Partial<KeyQuery> = {}): KeyQuery {
  return { profileId, includeEnded: true, now: 0, after: null, limit: 100, ...fields };
}

export function usageRow(keyId: string, fields: Partial<UsageRow> = {}): UsageRow {
  return { keyId, secretOrdinal: 1, inGrace: false, hour: 0, ...NO_USAGE, durations: new Map(), ...fields };
}

export function lastUse(keyId: string, fields: Partial<LastUse> = {}): LastUse {
  return { keyId, secretOrdinal: 1, at: 5_000, ip: '2001:db8::1', agent: 'curl/8.5.0', ...fields };
}

export function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map((item) => item.id);
}
