import { expect, test } from 'vitest';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, hashOf, idsOf, OTHER_PROFILE, OTHER_TEAM, revoked, sampleKey, sampleSecret, TEAM } from './samples.ts';

export function findContract(opened: () => OpenedStore): void {
  test('a key of another team looks like a missing one', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    expect(await store.findKey(OTHER_TEAM.id, 'key_0001')).toBeNull();
    expect(await store.findKey(TEAM.id, 'key_0002')).toBeNull();
    expect(await store.keysByIdPrefix(OTHER_TEAM.id, 'key_', 10)).toEqual([]);
  });

  test('ids that differ in case are different keys', async () => {
    const store = await withProfiles(opened());
    const [lower, upper] = [sampleKey(1, { id: 'key_a' }), sampleKey(2, { id: 'KEY_A' })];
    await store.insertKey(lower, AUTHOR);
    await store.insertKey(upper, AUTHOR);
    expect(await store.findKey(TEAM.id, 'key_a')).toEqual(lower);
    expect(await store.findKey(TEAM.id, 'KEY_A')).toEqual(upper);
    expect(await store.findKey(TEAM.id, 'key_A')).toBeNull();
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, 'key', 10))).toEqual(['key_a']);
  });

  test('a key is found by each secret that it ever had, in any team', async () => {
    const store = await withProfiles(opened());
    const secrets = [sampleSecret(1, { supersededAt: 1_100, acceptedUntil: 1_100 }), sampleSecret(2, { ordinal: 2 })];
    const key = revoked(sampleKey(1, { teamId: OTHER_TEAM.id, profileId: OTHER_PROFILE.id, secrets }));
    await store.insertKey(key, AUTHOR);
    expect(await store.findKeyByHash(hashOf(1))).toEqual(key);
    expect(await store.findKeyByHash(hashOf(2))).toEqual(key);
  });

  test('a hash is found only as it is written', async () => {
    const store = await withProfiles(opened());
    const hash = 'ab'.repeat(32);
    await store.insertKey(sampleKey(1, { secrets: [sampleSecret(1, { hash })] }), AUTHOR);
    expect((await store.findKeyByHash(hash))?.id).toBe('key_0001');
    for (const other of [hash.toUpperCase(), hash.slice(2), `${hash}ab`, ` ${hash}`, `${hash}\n`, '', hashOf(7)]) {
      expect(await store.findKeyByHash(other)).toBeNull();
    }
  });

  test('a prefix is data, never a pattern', async () => {
    const store = await withProfiles(opened());
    const ids = ['key_a%b', 'key_a_b', 'key_axb', 'key_a*b', 'key_[a]', "key_'a"];
    for (const [index, id] of ids.entries()) await store.insertKey(sampleKey(index, { id }), AUTHOR);
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, 'key_a%', 10))).toEqual(['key_a%b']);
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, 'key_a_', 10))).toEqual(['key_a_b']);
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, 'key_a*', 10))).toEqual(['key_a*b']);
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, 'key_[', 10))).toEqual(['key_[a]']);
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, "key_'", 10))).toEqual(["key_'a"]);
    expect(idsOf(await store.keysByIdPrefix(TEAM.id, '%', 10))).toEqual([]);
  });

  test('a prefix finds ended keys too, by id, up to the limit', async () => {
    const store = await withProfiles(opened());
    for (const number of [12, 10, 11, 20]) await store.insertKey(revoked(sampleKey(number)), AUTHOR);
    const found = (prefix: string, limit: number) => store.keysByIdPrefix(TEAM.id, prefix, limit).then(idsOf);
    expect(await found('key_001', 10)).toEqual(['key_0010', 'key_0011', 'key_0012']);
    expect(await found('key_001', 2)).toEqual(['key_0010', 'key_0011']);
    expect(await found('key_0020', 1)).toEqual(['key_0020']);
    expect(await found('key_00200', 1)).toEqual([]);
    expect(await found('', 10)).toEqual(['key_0010', 'key_0011', 'key_0012', 'key_0020']);
    expect(await found('key_', 0)).toEqual([]);
  });
}
