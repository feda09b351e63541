import { afterEach, expect, test } from 'vitest';
import { updateKey } from '../../../src/core/key-update.ts';
import { endGrace, extendGrace, revoke, rotate } from '../../../src/core/rotation.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import {
  AUTHOR,
  allOf,
  hashOf,
  idsOf,
  lastUse,
  PROFILE,
  revoked,
  sampleKey,
  sampleSecret,
  TEAM,
  usageRow,
} from './samples.ts';

/** Before 1970, both sides of clock changes, a day that Apia skipped, and the ends of what a number holds exactly. */
const TIMES = [
  -1,
  0,
  1,
  Date.UTC(2011, 11, 30, 12),
  Date.UTC(2026, 2, 29, 1, 30, 0, 999),
  Date.UTC(2026, 9, 25, 1, 30),
  8.64e15,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];

export function timeContract(opened: () => OpenedStore): void {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test.each(['UTC', 'Pacific/Apia', 'America/St_Johns'])(
    'times come back to the millisecond in %s',
    async (timeZone) => {
      process.env['TZ'] = timeZone;
      expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(timeZone);
      const store = await withProfiles(opened());
      for (const [index, time] of TIMES.entries()) {
        const ends = { createdAt: time, supersededAt: time, acceptedUntil: time, revokedAt: time };
        const secrets = [sampleSecret(index, ends)];
        const key = { ...revoked(sampleKey(index), time), createdAt: time, expiresAt: time, secrets };
        await store.insertKey(key, AUTHOR);
        await store.recordUsage({
          rows: [usageRow(key.id, { hour: time, served: 1 })],
          lastUses: [lastUse(key.id, { at: time })],
          events: [],
          journal: null,
          at: 0,
        });
        expect(await store.findKey(TEAM.id, key.id)).toEqual(key);
        expect(await store.usageOf(key.id, time)).toEqual([usageRow(key.id, { hour: time, served: 1 })]);
        expect(await store.lastUsesOf([key.id])).toEqual([lastUse(key.id, { at: time })]);
      }
      const newestFirst = [...TIMES].sort((left, right) => right - left).map((time) => `key_000${TIMES.indexOf(time)}`);
      expect(idsOf(await store.listKeys(TEAM.id, allOf(PROFILE.id)))).toEqual(newestFirst);
    },
  );

  test('the time that comes with usage is kept, and never takes time back', async () => {
    const { store } = opened();
    await withProfiles({ store });
    await store.recordUsage({ rows: [], lastUses: [], events: [], journal: null, at: 9_000 });
    expect(await store.greatestTime()).toBe(9_000);
    await store.recordUsage({ rows: [], lastUses: [], events: [], journal: null, at: 8_000 });
    expect(await store.greatestTime()).toBe(9_000);
  });

  test('the greatest time is that of the latest change, and never falls', async () => {
    const { store } = opened();
    expect(await store.greatestTime()).toBe(0);
    await withProfiles({ store });
    await store.insertKey(sampleKey(1, { createdAt: 5_000, expiresAt: 90_000 }), AUTHOR);
    expect(await store.greatestTime()).toBe(5_000);
    await store.insertKey(sampleKey(2, { createdAt: 4_000 }), AUTHOR);
    expect(await store.greatestTime()).toBe(5_000);
    await store.persistTime(7_000);
    await store.persistTime(6_000);
    expect(await store.greatestTime()).toBe(7_000);
  });

  test('each change that ends something counts as its time, and an end that lies ahead does not', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const minted = { hash: hashOf(2), start: 'ok_d_new', requestDigest: 'digest' };
    const timeAfter = async (decide: Parameters<typeof store.change>[3]) => {
      await store.change(TEAM.id, 'key_0001', AUTHOR, decide);
      return store.greatestTime();
    };
    const to = (decision: { kind: string; key?: ReturnType<typeof sampleKey> }) => ({
      key: decision.key ?? null,
      result: null,
    });
    expect(await timeAfter((key) => to(rotate(key, minted, 60_000, 10_000)))).toBe(10_000);
    expect(await timeAfter((key) => to(extendGrace(key, 60_000, 11_000)))).toBe(10_000);
    expect(await timeAfter((key) => to(updateKey(key, { expiresAt: 90_000 }, 11_000)))).toBe(10_000);
    expect(await timeAfter((key) => to(endGrace(key, 12_000)))).toBe(12_000);
    expect(await timeAfter((key) => to(revoke(key, 'ada', null, 13_000)))).toBe(13_000);
  });

  test('what was promised is there after the store was opened again', async (context) => {
    const { store, reopen } = opened();
    if (reopen === undefined) return context.skip('this store keeps nothing when it is closed');
    await withProfiles({ store });
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(key, 3_000), result: null }));
    await store.recordUsage({
      rows: [usageRow('key_0001', { served: 3 })],
      lastUses: [lastUse('key_0001')],
      events: [],
      journal: null,
      at: 0,
    });
    await store.persistTime(8_000);
    const again = await reopen();
    expect(await again.findKey(TEAM.id, 'key_0001')).toEqual(revoked(sampleKey(1), 3_000));
    expect(await again.insertKey(sampleKey(2, { secrets: [sampleSecret(1)] }), AUTHOR)).toEqual({
      kind: 'hash_in_use',
    });
    expect(await again.usageOf('key_0001', 0)).toEqual([usageRow('key_0001', { served: 3 })]);
    expect(await again.lastUsesOf(['key_0001'])).toEqual([lastUse('key_0001')]);
    expect(await again.greatestTime()).toBe(8_000);
    expect(await again.listProfiles(TEAM.id)).toHaveLength(2);
  });

  test('closing twice is safe', async () => {
    const { store } = opened();
    await store.close();
    await store.close();
  });
}
