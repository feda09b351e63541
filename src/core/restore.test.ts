import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aKey, NOON } from '../../test/key-builder.ts';
import { HOUR_MS, MINUTE_MS } from './clock.ts';
import { currentSecret, isAcceptedSecret, isPast, type Key } from './key.ts';
import { updateKey } from './key-update.ts';
import type { Profile } from './profile.ts';
import { keyCreatedSince, restoredKey, restoredProfile } from './restore.ts';
import { cancelRotation, endGrace, extendGrace, replaceNew, revoke, rotate } from './rotation.ts';

const RESTORED_AT = NOON + 100 * HOUR_MS;

const CHANGES = [
  'rotate',
  'rotate-now',
  'replace-new',
  'end-grace',
  'extend',
  'cancel',
  'end-sooner',
  'end-later',
  'limit',
  'revoke',
] as const;
type Change = (typeof CHANGES)[number];

/** Does the changes that apply, ten minutes apart. Secrets of one history are told from those of another by its letter. */
function lived(key: Key, changes: readonly Change[], letter: string): Key {
  return changes.reduce((state, change, index) => {
    const now = NOON + (state.version + index) * 10 * MINUTE_MS;
    const minted = { hash: `${letter}${index}`.padEnd(64, '0'), start: 'okd_Abcd', requestDigest: '' };
    const decision = {
      rotate: () => rotate(state, minted, HOUR_MS, now),
      'rotate-now': () => rotate(state, minted, 0, now),
      'replace-new': () => replaceNew(state, minted, now),
      'end-grace': () => endGrace(state, now),
      extend: () => extendGrace(state, HOUR_MS, now),
      cancel: () => cancelRotation(state, now),
      'end-sooner': () => updateKey(state, { expiresAt: now + 20 * MINUTE_MS }, now),
      'end-later': () => updateKey(state, { expiresAt: now + 10 * HOUR_MS }, now),
      limit: () => updateKey(state, { rateLimitPerMinute: index + 1 }, now),
      revoke: () => revoke(state, 'local', null, now),
    }[change]();
    return decision.kind === 'changed' ? decision.key : state;
  }, key);
}

function accepts(key: Key, hash: string, now: number): boolean {
  const secret = key.secrets.find((candidate) => candidate.hash === hash);
  return secret !== undefined && key.revokedAt === null && !isPast(key.expiresAt, now) && isAcceptedSecret(secret, now);
}

function knows(key: Key, hash: string): boolean {
  return key.secrets.some((secret) => secret.hash === hash);
}

function isSound(key: Key): boolean {
  const ordinals = key.secrets.map(({ ordinal }) => ordinal);
  const hashes = key.secrets.map(({ hash }) => hash);
  currentSecret(key);
  return new Set(ordinals).size === ordinals.length && new Set(hashes).size === hashes.length;
}

const changes = fc.array(fc.constantFrom(...CHANGES), { maxLength: 8 });
const expiry = fc.constantFrom(null, NOON + 3 * HOUR_MS);
const times = Array.from({ length: 60 }, (_, index) => NOON + index * 7 * MINUTE_MS);

describe('a key of a backup and of the database that it replaces', () => {
  it('accepts no secret that the database refuses, at no time', () => {
    fc.assert(
      fc.property(changes, changes, changes, expiry, (common, before, since, expiresAt) => {
        const shared = lived(aKey({ expiresAt }), common, 'c');
        const [backup, current] = [lived(shared, before, 'b'), lived(shared, since, 'd')];
        const restored = restoredKey(backup, current, RESTORED_AT);
        expect(isSound(restored)).toBe(true);
        for (const hash of new Set([...backup.secrets, ...current.secrets].map((secret) => secret.hash))) {
          expect(knows(restored, hash)).toBe(true);
          for (const now of times) {
            if (!accepts(restored, hash, now)) continue;
            expect(current.revokedAt).toBeNull();
            expect(backup.revokedAt).toBeNull();
            expect(accepts(knows(current, hash) ? current : backup, hash, now)).toBe(true);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the key of the database when the backup is an earlier state of it', () => {
    fc.assert(
      fc.property(changes, changes, (before, since) => {
        const backup = lived(aKey(), before, 'b');
        const current = lived(backup, since, 'd');
        expect(restoredKey(backup, current, RESTORED_AT)).toEqual(current);
      }),
    );
  });

  it('is revoked when the two do not even mean the same key', () => {
    const current = aKey({ environment: 'production' });
    expect(restoredKey(aKey(), current, RESTORED_AT)).toMatchObject({ revokedAt: RESTORED_AT, revokedBy: 'restore' });
  });

  it('keeps the earlier revocation of two, with its person and reason', () => {
    const early = aKey({ revokedAt: NOON, revokedBy: 'ada', revokeReason: 'leak', version: 2 });
    const late = aKey({ revokedAt: NOON + 1, revokedBy: 'grace', version: 2 });
    for (const pair of [[early, late] as const, [late, early] as const]) {
      expect(restoredKey(...pair, RESTORED_AT)).toMatchObject({
        revokedAt: NOON,
        revokedBy: 'ada',
        revokeReason: 'leak',
      });
    }
  });
});

describe('what only one of them knows', () => {
  it('is revoked when it was created since, and keeps an older revocation', () => {
    expect(keyCreatedSince(aKey(), RESTORED_AT)).toMatchObject({ revokedAt: RESTORED_AT, version: 2 });
    const revoked = aKey({ revokedAt: NOON });
    expect(keyCreatedSince(revoked, RESTORED_AT)).toBe(revoked);
  });
});

describe('a profile', () => {
  const profile: Profile = {
    id: 'prof_2222222222222222',
    teamId: 'team_2222222222222222',
    name: 'Web',
    plan: 'free',
    design: {},
    createdAt: NOON,
    archivedAt: null,
  };

  it.each([
    [null, null, null],
    [null, NOON, NOON],
    [NOON, null, NOON],
    [NOON + 1, NOON, NOON],
  ])('archived at %s in the backup and at %s since is archived at %s', (before, since, after) => {
    const restored = restoredProfile(
      { ...profile, archivedAt: before },
      { ...profile, name: 'Mail', archivedAt: since },
    );
    expect(restored).toEqual({ ...profile, archivedAt: after });
  });
});
