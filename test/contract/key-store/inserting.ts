import { expect, test } from 'vitest';
import type { Key } from '../../../src/core/key.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import {
  AUTHOR,
  hashOf,
  ODD_TEXTS,
  OTHER_PROFILE,
  OTHER_TEAM,
  revoked,
  sampleKey,
  sampleSecret,
  TEAM,
} from './samples.ts';

const INSERTED = { kind: 'inserted' };
const HASH_IN_USE = { kind: 'hash_in_use' };

const ENDED_AND_CURRENT: Key['secrets'] = [
  sampleSecret(1, { supersededAt: 1_100, acceptedUntil: 1_200 }),
  sampleSecret(2, { ordinal: 2, createdAt: 1_100, revokedAt: 1_150 }),
  sampleSecret(3, { ordinal: 3, createdAt: 1_150 }),
];

export function insertContract(opened: () => OpenedStore): void {
  test('a key comes back as it went in', async () => {
    const store = await withProfiles(opened());
    const plain = sampleKey(9);
    const full = sampleKey(1, {
      environment: 'production',
      rateLimitPerMinute: 250,
      expiresAt: 9_000,
      revokedAt: 8_000,
      revokedBy: 'grace',
      revokeReason: 'leaked',
      secrets: ENDED_AND_CURRENT,
    });
    expect(await store.insertKey(plain, AUTHOR)).toEqual(INSERTED);
    expect(await store.insertKey(full, AUTHOR)).toEqual(INSERTED);
    expect(await store.findKey(TEAM.id, plain.id)).toEqual(plain);
    expect(await store.findKey(TEAM.id, full.id)).toEqual(full);
  });

  test('text is kept to the letter', async () => {
    const store = await withProfiles(opened());
    for (const [index, text] of ODD_TEXTS.entries()) {
      const key = { ...revoked(sampleKey(index)), name: text, createdBy: text, revokedBy: text, revokeReason: text };
      await store.insertKey(key, AUTHOR);
      expect(await store.findKey(TEAM.id, key.id)).toEqual(key);
    }
  });

  test.each([1, 2, 3])(
    'a hash stays taken for ever, in every team: superseded, cancelled or current (%i)',
    async (taken) => {
      const store = await withProfiles(opened());
      await store.insertKey(revoked(sampleKey(1, { secrets: ENDED_AND_CURRENT })), AUTHOR);
      const other = sampleKey(50, { teamId: OTHER_TEAM.id, profileId: OTHER_PROFILE.id });
      expect(await store.insertKey({ ...other, secrets: [sampleSecret(taken)] }, AUTHOR)).toEqual(HASH_IN_USE);
      expect(await store.findKey(OTHER_TEAM.id, other.id)).toBeNull();
      expect((await store.findKeyByHash(hashOf(taken)))?.id).toBe('key_0001');
    },
  );

  test('a refused key leaves nothing behind, not even its other hashes', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const before = await store.greatestTime();
    const refused = sampleKey(2, { createdAt: 9_999, secrets: [sampleSecret(2), sampleSecret(1, { ordinal: 2 })] });
    expect(await store.insertKey(refused, AUTHOR)).toEqual(HASH_IN_USE);
    expect(await store.findKeyByHash(hashOf(2))).toBeNull();
    expect(await store.greatestTime()).toBe(before);
    expect(await store.insertKey(sampleKey(2), AUTHOR)).toEqual(INSERTED);
  });

  test('a key cannot have one hash twice', async () => {
    const store = await withProfiles(opened());
    const secrets = [sampleSecret(1), sampleSecret(1, { ordinal: 2 })];
    expect(await store.insertKey(sampleKey(1, { secrets }), AUTHOR)).toEqual(HASH_IN_USE);
    expect(await store.findKeyByHash(hashOf(1))).toBeNull();
  });

  test.each([
    ['an id that is taken', sampleKey(1, { secrets: [sampleSecret(5)] })],
    ['no such profile', sampleKey(2, { profileId: 'prof_nowhere' })],
    ["another team's profile", sampleKey(2, { profileId: OTHER_PROFILE.id })],
    ['a hash in upper case', sampleKey(2, { secrets: [sampleSecret(2, { hash: 'AB'.repeat(32) })] })],
    ['a hash cut short', sampleKey(2, { secrets: [sampleSecret(2, { hash: 'ab'.repeat(31) })] })],
    ['a time between two milliseconds', sampleKey(2, { createdAt: 1.5 })],
    ['two secrets of one ordinal', sampleKey(2, { secrets: [sampleSecret(2), sampleSecret(3)] })],
  ])('a mistake of the caller throws and writes nothing: %s', async (_mistake, key) => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await expect(store.insertKey(key, AUTHOR)).rejects.toThrow();
    expect(await store.allKeys('', 10)).toEqual([sampleKey(1)]);
  });
}
