import { describe, expect, it } from 'vitest';
import { aKey, aSecret, NOON } from '../../test/key-builder.ts';
import { keyChangeOf, profileChangeOf } from './audited-change.ts';
import type { Key } from './key.ts';
import { updateKey } from './key-update.ts';
import type { Profile } from './profile.ts';
import { cancelRotation, endGrace, extendGrace, type KeyDecision, replaceNew, revoke, rotate } from './rotation.ts';

const HOUR = 3_600_000;
const iso = (time: number) => new Date(time).toISOString();

function minted(letter: string) {
  return { hash: letter.repeat(64), start: `okd_${letter.repeat(4)}`, requestDigest: '1' };
}

function changed<Refusal>(decision: KeyDecision<Refusal> | { kind: Refusal }): Key {
  if (typeof decision === 'object' && 'key' in decision) return decision.key;
  throw new Error('refused');
}

const key = aKey();
const rotated = changed(rotate(key, minted('b'), 2 * HOUR, NOON));

describe('a change of a key is called what was done, with what differs', () => {
  it('create, with what the key has', () => {
    const { action, before, after } = keyChangeOf(null, key);
    expect([action, before]).toEqual(['key.create', null]);
    expect(after).toEqual({ name: 'dev key', environment: 'development', start: 'okd_Abcd' });
  });

  it.each<[string, Key, Key, object, object]>([
    [
      'key.rotate',
      key,
      rotated,
      { start: 'okd_Abcd', oldStart: null, oldAcceptedUntil: null },
      { start: 'okd_bbbb', oldStart: 'okd_Abcd', oldAcceptedUntil: iso(NOON + 2 * HOUR) },
    ],
    [
      'key.update',
      key,
      changed(updateKey(key, { rateLimitPerMinute: 500, expiresAt: NOON + HOUR }, NOON)),
      { rateLimitPerMinute: null, expiresAt: null },
      { rateLimitPerMinute: 500, expiresAt: iso(NOON + HOUR) },
    ],
    [
      'key.replace_new',
      rotated,
      changed(replaceNew(rotated, minted('c'), NOON + 1)),
      { start: 'okd_bbbb' },
      { start: 'okd_cccc' },
    ],
    [
      'key.end_grace',
      rotated,
      changed(endGrace(rotated, NOON + 1)),
      { oldAcceptedUntil: iso(NOON + 2 * HOUR) },
      { oldAcceptedUntil: iso(NOON + 1) },
    ],
    [
      'key.extend_grace',
      rotated,
      changed(extendGrace(rotated, HOUR, NOON + 1)),
      { oldAcceptedUntil: iso(NOON + 2 * HOUR) },
      { oldAcceptedUntil: iso(NOON + 3 * HOUR) },
    ],
    [
      'key.cancel_rotation',
      rotated,
      changed(cancelRotation(rotated, NOON + 1)),
      { start: 'okd_bbbb', oldStart: 'okd_Abcd', oldAcceptedUntil: iso(NOON + 2 * HOUR) },
      { start: 'okd_Abcd', oldStart: null, oldAcceptedUntil: null },
    ],
    [
      'key.revoke',
      key,
      changed(revoke(key, 'ada', 'laptop lost', NOON)),
      { revokedAt: null, revokeReason: null },
      { revokedAt: iso(NOON), revokeReason: 'laptop lost' },
    ],
  ])('%s', (action, before, after, was, is) => {
    const subject = { subjectKind: 'key', subjectId: key.id, profileId: key.profileId };
    expect(keyChangeOf(before, after)).toEqual({ action, ...subject, before: was, after: is });
  });

  it('never with a hash or the digest of a request', () => {
    const lost = aKey({ secrets: [aSecret({ hash: 'f'.repeat(64), requestDigest: 'e'.repeat(64) })] });
    const changes = [keyChangeOf(null, lost), keyChangeOf(lost, changed(rotate(lost, minted('d'), 0, NOON)))];
    expect(JSON.stringify(changes)).not.toMatch(/[def]{64}/);
  });
});

describe('a change of a profile', () => {
  const profile: Profile = {
    id: 'prof_1',
    teamId: 'team_1',
    name: 'Web',
    plan: 'free',
    design: { '--outkit-primary': 'red', '--outkit-radius': '0' },
    createdAt: NOON,
    archivedAt: null,
  };
  const subject = { subjectKind: 'profile', subjectId: 'prof_1', profileId: 'prof_1' };

  it('names each token that differs', () => {
    const after: Profile = {
      ...profile,
      plan: 'pro',
      design: { '--outkit-primary': 'blue', '--outkit-font': 'serif' },
    };
    expect(profileChangeOf(profile, after)).toEqual({
      action: 'profile.update',
      ...subject,
      before: {
        plan: 'free',
        'design --outkit-primary': 'red',
        'design --outkit-radius': '0',
        'design --outkit-font': null,
      },
      after: {
        plan: 'pro',
        'design --outkit-primary': 'blue',
        'design --outkit-radius': null,
        'design --outkit-font': 'serif',
      },
    });
  });

  it('is its creation or its end', () => {
    expect(profileChangeOf(null, profile)).toMatchObject({
      action: 'profile.create',
      before: null,
      after: { plan: 'free' },
    });
    expect(profileChangeOf(profile, { ...profile, archivedAt: NOON })).toEqual({
      action: 'profile.archive',
      ...subject,
      before: { archivedAt: null },
      after: { archivedAt: iso(NOON) },
    });
  });
});
