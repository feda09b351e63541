import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Key } from '../../../src/core/key.ts';
import type { KeyPosition, KeyStore } from '../../../src/core/key-store.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import {
  AUTHOR,
  allOf,
  idsOf,
  OTHER_PROFILE,
  OTHER_TEAM,
  PROFILE,
  revoked,
  SECOND_PROFILE,
  sampleKey,
  sampleSecret,
  TEAM,
} from './samples.ts';

export function listContract(opened: () => OpenedStore): void {
  test('a list is newest first, and of one moment the greater id first', async () => {
    const store = await withProfiles(opened());
    const times = [5, 7, 5, 6, 5];
    for (const [index, createdAt] of times.entries()) await store.insertKey(sampleKey(index, { createdAt }), AUTHOR);
    const keys = await store.listKeys(TEAM.id, allOf(PROFILE.id));
    expect(idsOf(keys)).toEqual(['key_0001', 'key_0003', 'key_0004', 'key_0002', 'key_0000']);
  });

  test('a list has at most as many keys as asked for, however many secrets they have', async () => {
    const store = await withProfiles(opened());
    for (const number of [1, 2, 3]) {
      const secrets = [0, 1, 2].map((more) => sampleSecret(number * 10 + more, { ordinal: more + 1 }));
      await store.insertKey(sampleKey(number, { secrets }), AUTHOR);
    }
    const listed = (limit: number) => store.listKeys(TEAM.id, allOf(PROFILE.id, { limit }));
    expect(await listed(0)).toEqual([]);
    expect(idsOf(await listed(1))).toEqual(['key_0003']);
    expect(idsOf(await listed(2))).toEqual(['key_0003', 'key_0002']);
    expect((await listed(100)).map((key) => key.secrets.length)).toEqual([3, 3, 3]);
  });

  test('a list is of one profile of the own team', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.insertKey(sampleKey(2, { profileId: SECOND_PROFILE.id }), AUTHOR);
    await store.insertKey(sampleKey(3, { teamId: OTHER_TEAM.id, profileId: OTHER_PROFILE.id }), AUTHOR);
    const listed = (teamId: string, profileId: string) => store.listKeys(teamId, allOf(profileId)).then(idsOf);
    expect(await listed(TEAM.id, PROFILE.id)).toEqual(['key_0001']);
    expect(await listed(TEAM.id, SECOND_PROFILE.id)).toEqual(['key_0002']);
    expect(await listed(OTHER_TEAM.id, PROFILE.id)).toEqual([]);
    expect(await listed(TEAM.id, OTHER_PROFILE.id)).toEqual([]);
  });

  test('a list without ended keys leaves out revoked ones, and expired ones from the very millisecond', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.insertKey(revoked(sampleKey(2)), AUTHOR);
    await store.insertKey(sampleKey(3, { expiresAt: 5_000 }), AUTHOR);
    await store.insertKey(revoked(sampleKey(4, { expiresAt: 5_000 })), AUTHOR);
    const live = (now: number) => store.listKeys(TEAM.id, allOf(PROFILE.id, { includeEnded: false, now })).then(idsOf);
    expect(await live(4_999)).toEqual(['key_0003', 'key_0001']);
    expect(await live(5_000)).toEqual(['key_0001']);
    expect(await store.listKeys(TEAM.id, allOf(PROFILE.id, { now: 5_000 }))).toHaveLength(4);
  });

  test('the gateway reads every key of every team once, in pages by id', async () => {
    const store = await withProfiles(opened());
    for (let number = 0; number < 10; number++) {
      const foreign = { teamId: OTHER_TEAM.id, profileId: OTHER_PROFILE.id };
      await store.insertKey(sampleKey((number * 7) % 10, number % 2 === 0 ? {} : foreign), AUTHOR);
    }
    const ids: string[] = [];
    for (let page = await store.allKeys('', 3); page.length > 0; page = await store.allKeys(ids.at(-1) ?? '', 3)) {
      ids.push(...idsOf(page));
    }
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => sampleKey(number).id));
    expect(await store.allKeys('', 0)).toEqual([]);
  });

  test('pages neither skip nor repeat a key, whatever is created or revoked meanwhile', async () => {
    const store = await withProfiles(opened());
    let number = 0;
    const run = async (times: readonly number[], later: readonly number[], limit: number) => {
      const before = await Promise.all(times.map((createdAt) => inserted(store, sampleKey(number++, { createdAt }))));
      const seen = await pages(store, limit, async (page) => {
        const createdAt = later[page];
        if (createdAt !== undefined) await inserted(store, sampleKey(number++, { createdAt }));
      });
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(before));
    };
    const time = fc.integer({ min: 1, max: 4 });
    const property = fc.asyncProperty(
      fc.array(time),
      fc.array(time, { maxLength: 20 }),
      fc.integer({ min: 1, max: 9 }),
      run,
    );
    await fc.assert(property, { numRuns: 20 });
  });
}

async function inserted(store: KeyStore, key: Key): Promise<string> {
  await store.insertKey(key, AUTHOR);
  return key.id;
}

/** All ids of the list, page after page; `between` runs after each. */
async function pages(store: KeyStore, limit: number, between: (page: number) => Promise<void>): Promise<string[]> {
  const ids: string[] = [];
  let after: KeyPosition | null = null;
  for (let page = 0; ; page++) {
    const keys: readonly Key[] = await store.listKeys(TEAM.id, allOf(PROFILE.id, { after, limit }));
    const last = keys.at(-1);
    if (last === undefined) return ids;
    ids.push(...idsOf(keys));
    after = { createdAt: last.createdAt, id: last.id };
    await between(page);
  }
}
