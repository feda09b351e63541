import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/core/clock.ts';
import type { KeyStore } from '../../../src/core/key-store.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, lastUse, sampleKey, usageRow } from './samples.ts';

const KEY = sampleKey(1).id;
const OTHER_KEY = sampleKey(2).id;

async function withKeys({ store }: OpenedStore): Promise<KeyStore> {
  await withProfiles({ store });
  await store.insertKey(sampleKey(1), AUTHOR);
  await store.insertKey(sampleKey(2), AUTHOR);
  return store;
}

export function usageContract(opened: () => OpenedStore): void {
  test('counts are added to what is there, also within one batch', async () => {
    const store = await withKeys(opened());
    const counts = {
      served: 1,
      clientErrors: 2,
      serverErrors: 3,
      rateLimited: 4,
      revoked: 5,
      superseded: 6,
      expired: 7,
      archived: 8,
      durations: new Map([
        [0, 2],
        [80, 4],
      ]),
    };
    await store.recordUsage({
      rows: [usageRow(KEY, counts), usageRow(KEY, counts)],
      lastUses: [],
      events: [],
      journal: null,
      at: 0,
    });
    await store.recordUsage({
      rows: [usageRow(KEY, counts), usageRow(OTHER_KEY, { served: 9 })],
      lastUses: [],
      events: [],
      journal: null,
      at: 0,
    });
    const tripled = {
      served: 3,
      clientErrors: 6,
      serverErrors: 9,
      rateLimited: 12,
      revoked: 15,
      superseded: 18,
      expired: 21,
      archived: 24,
      durations: new Map([
        [0, 6],
        [80, 12],
      ]),
    };
    expect(await store.usageOf(KEY, 0)).toEqual([usageRow(KEY, tripled)]);
    expect(await store.usageOf(OTHER_KEY, 0)).toEqual([usageRow(OTHER_KEY, { served: 9 })]);
  });

  test('parallel batches lose nothing', async () => {
    const store = await withKeys(opened());
    await Promise.all(
      Array.from({ length: 50 }, () =>
        store.recordUsage({ rows: [usageRow(KEY, { served: 2 })], lastUses: [], events: [], journal: null, at: 0 }),
      ),
    );
    expect(await store.usageOf(KEY, 0)).toEqual([usageRow(KEY, { served: 100 })]);
  });

  test('rows are apart by hour, secret and grace, come in that order, and from the hour asked for', async () => {
    const store = await withKeys(opened());
    const rows = [
      usageRow(KEY, { hour: 0, served: 1 }),
      usageRow(KEY, { hour: HOUR_MS, secretOrdinal: 1, inGrace: false, served: 2 }),
      usageRow(KEY, { hour: HOUR_MS, secretOrdinal: 1, inGrace: true, served: 3 }),
      usageRow(KEY, { hour: HOUR_MS, secretOrdinal: 2, served: 4 }),
      usageRow(KEY, { hour: 2 * HOUR_MS, served: 5 }),
    ];
    await store.recordUsage({ rows: [...rows].reverse(), lastUses: [], events: [], journal: null, at: 0 });
    expect(await store.usageOf(KEY, 0)).toEqual(rows);
    expect(await store.usageOf(KEY, HOUR_MS)).toEqual(rows.slice(1));
    expect(await store.usageOf(KEY, HOUR_MS + 1)).toEqual(rows.slice(4));
    expect(await store.usageOf('key_nowhere', 0)).toEqual([]);
  });

  test('usage of several keys is that of each of them since an hour', async () => {
    const store = await withKeys(opened());
    const rows = [0, 1, 2].flatMap((hour) =>
      [KEY, OTHER_KEY].map((key) => usageRow(key, { hour: hour * HOUR_MS, served: hour + 1 })),
    );
    await store.recordUsage({ rows, lastUses: [], events: [], journal: null, at: 0 });
    const many = Array.from({ length: 1_200 }, (_, index) => `key_nowhere_${index}`);
    for (const keyIds of [[KEY], [OTHER_KEY, ...many, KEY], many, []]) {
      const each = await Promise.all(keyIds.map((keyId) => store.usageOf(keyId, HOUR_MS)));
      const found = await store.usageOfKeys(keyIds, HOUR_MS);
      expect(found.length).toBe(2 * keyIds.filter((id) => id === KEY || id === OTHER_KEY).length);
      expect(new Set(found)).toEqual(new Set(each.flat()));
    }
  });

  test('hours are added up to days, oldest first, and no sum changes', async () => {
    const store = await withKeys(opened());
    const durations = (count: number) => new Map([[40, count]]);
    const hours = [0, 1, 23, 24, 25, 47, 48].map((hour, index) =>
      usageRow(KEY, { hour: hour * HOUR_MS, served: 2 ** index, expired: 1, durations: durations(index + 1) }),
    );
    const grace = usageRow(KEY, { hour: 5 * HOUR_MS, inGrace: true, served: 1_000 });
    const other = usageRow(OTHER_KEY, { hour: 5 * HOUR_MS, served: 1 });
    const counted = { lastUses: [], events: [], journal: null, at: 0 };
    await store.recordUsage({ ...counted, rows: [...hours, grace, other] });
    expect(await store.rollUpUsage(2 * DAY_MS, 1)).toBe(1);
    expect((await store.usageOf(KEY, 0)).map(({ hour }) => hour / HOUR_MS)).toEqual([0, 5, 23, 24, 25, 47, 48]);
    expect(await store.rollUpUsage(2 * DAY_MS, 100)).toBe(5);
    expect(await store.usageOf(KEY, 0)).toEqual([
      usageRow(KEY, { hour: 0, served: 7, expired: 3, durations: durations(6) }),
      { ...grace, hour: 0 },
      usageRow(KEY, { hour: DAY_MS, served: 56, expired: 3, durations: durations(15) }),
      usageRow(KEY, { hour: 2 * DAY_MS, served: 64, expired: 1, durations: durations(7) }),
    ]);
    expect(await store.usageOf(OTHER_KEY, 0)).toEqual([{ ...other, hour: 0 }]);
    expect(await store.rollUpUsage(2 * DAY_MS, 100)).toBe(0);
  });

  test('what comes late for a day that is added up already is in it, once', async () => {
    const store = await withKeys(opened());
    const counted = { lastUses: [], events: [], journal: null, at: 0 };
    for (const served of [1, 10, 100]) {
      await store.recordUsage({ ...counted, rows: [usageRow(KEY, { hour: 3 * HOUR_MS, served })] });
      await Promise.all([store.rollUpUsage(DAY_MS, 100), store.rollUpUsage(DAY_MS, 100)]);
    }
    expect(await store.usageOf(KEY, 0)).toEqual([usageRow(KEY, { hour: 0, served: 111 })]);
  });

  test('the later of two last uses is kept, for each secret', async () => {
    const store = await withKeys(opened());
    const later = lastUse(KEY, { at: 7_000, ip: '192.0.2.7', agent: 'later "agent" 🦔' });
    await store.recordUsage({
      rows: [],
      lastUses: [lastUse(KEY, { at: 6_000 }), later, lastUse(KEY, { at: 6_999 })],
      events: [],
      journal: null,
      at: 0,
    });
    await store.recordUsage({
      rows: [],
      lastUses: [lastUse(KEY, { at: 5_000 }), lastUse(KEY, { secretOrdinal: 2, at: 1 })],
      events: [],
      journal: null,
      at: 0,
    });
    const uses = await store.lastUsesOf([KEY]);
    expect(uses).toHaveLength(2);
    expect(uses).toEqual(expect.arrayContaining([later, lastUse(KEY, { secretOrdinal: 2, at: 1 })]));
  });

  test('last uses are of the keys asked for, however many', async () => {
    const store = await withKeys(opened());
    await store.recordUsage({
      rows: [],
      lastUses: [lastUse(KEY), lastUse(OTHER_KEY)],
      events: [],
      journal: null,
      at: 0,
    });
    expect(await store.lastUsesOf([])).toEqual([]);
    expect(await store.lastUsesOf([OTHER_KEY, 'key_nowhere'])).toEqual([lastUse(OTHER_KEY)]);
    const many = Array.from({ length: 1_200 }, (_, number) => `key_x${number}`);
    expect(await store.lastUsesOf([KEY, ...many, OTHER_KEY])).toHaveLength(2);
  });

  test.each([
    ['a key that is not there', [usageRow('key_nowhere', { served: 1 })], []],
    ['a negative count', [usageRow(KEY, { served: -1 })], []],
    ['half an answer', [usageRow(KEY, { served: 0.5 })], []],
    ['a last use of a key that is not there', [], [lastUse('key_nowhere')]],
  ])('a batch with %s is refused as a whole', async (_what, rows, lastUses) => {
    const store = await withKeys(opened());
    const batch = store.recordUsage({
      rows: [usageRow(KEY, { served: 1 }), ...rows],
      lastUses: [lastUse(KEY), ...lastUses],
      events: [],
      journal: null,
      at: 0,
    });
    await expect(batch).rejects.toThrow();
    expect(await store.usageOf(KEY, 0)).toEqual([]);
    expect(await store.lastUsesOf([KEY])).toEqual([]);
  });

  test('nothing counted is nothing changed', async () => {
    const store = await withKeys(opened());
    await store.recordUsage({ rows: [], lastUses: [], events: [], journal: null, at: 0 });
    expect(await store.usageOf(KEY, 0)).toEqual([]);
  });
}
