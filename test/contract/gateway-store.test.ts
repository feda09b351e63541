import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GatewayMember } from '../../src/core/gateway-store.ts';
import { PostgresGatewayStore } from '../../src/storage/postgres/postgres-gateway-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { withProfiles } from './key-store/opened-store.ts';
import { AUTHOR, OTHER_PROFILE, PROFILE, revoked, sampleKey } from './key-store/samples.ts';

const database = new PostgresDatabase();

let store: Store;
let gateways: PostgresGatewayStore;
/** Of the last change when the test begins. */
let begin: number;
beforeEach(async () => {
  ({ store } = await database.open());
  await withProfiles({ store });
  gateways = new PostgresGatewayStore(database.url);
  ({ seq: begin } = await gateways.register({ epoch: 'one', label: 'gateway-1', version: '1.2.3' }));
});
afterEach(async () => {
  await gateways.close();
  await store.close();
});

const change = (number: number) =>
  store.change(sampleKey(number).teamId, sampleKey(number).id, AUTHOR, (key) => ({ key: revoked(key), result: null }));
const member = async (epoch: string): Promise<GatewayMember | undefined> =>
  (await gateways.listGateways(60_000)).members.find((candidate) => candidate.epoch === epoch);

describe('a synchronisation', () => {
  test('records the position, and answers with what changed behind it, as it is now', async () => {
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.insertKey(sampleKey(2), AUTHOR);
    await change(1);
    await store.changeProfile(PROFILE.teamId, PROFILE.id, AUTHOR, (profile) => ({
      profile: { ...profile, name: 'Renamed' },
      result: null,
    }));
    const answer = await gateways.sync('one', begin, 100);
    expect(answer).toMatchObject({ seq: begin + 4, throughSeq: begin + 4, hasUnknownChange: false });
    expect(answer?.keys.map(({ id, revokedAt }) => [id, revokedAt !== null]).sort()).toEqual([
      [sampleKey(1).id, true],
      [sampleKey(2).id, false],
    ]);
    expect(answer?.profiles).toMatchObject([{ id: PROFILE.id, name: 'Renamed' }]);
    expect(Math.abs((answer?.databaseTime ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await member('one')).toMatchObject({ appliedSeq: begin });
    expect(await gateways.sync('one', begin + 4, 100)).toMatchObject({
      keys: [],
      profiles: [],
      throughSeq: begin + 4,
    });
    expect(await member('one')).toMatchObject({ appliedSeq: begin + 4, seenAt: expect.any(Number) });
  });

  test('is answered in the same way without recording anything, but for one that is retired', async () => {
    await store.insertKey(sampleKey(1), AUTHOR);
    const before = await member('one');
    const { databaseTime: _, ...read } = (await gateways.changes('one', begin, 10)) ?? { databaseTime: 0 };
    expect(await member('one')).toEqual(before);
    expect(await gateways.sync('one', begin, 10)).toMatchObject(read);
    expect(read).toMatchObject({ throughSeq: begin + 1, keys: [{ id: sampleKey(1).id }] });
    await gateways.retire('one', { isDrained: false });
    expect(await gateways.changes('one', begin, 10)).toBeNull();
  });

  test('of a key and a profile that changed several times has each once', async () => {
    await store.insertKey(sampleKey(1), AUTHOR);
    await change(1);
    for (const name of ['Once', 'Twice']) {
      await store.changeProfile(PROFILE.teamId, PROFILE.id, AUTHOR, (profile) => ({
        profile: { ...profile, name },
        result: null,
      }));
    }
    const { keys, profiles } = (await gateways.sync('one', begin, 100)) ?? {};
    expect(keys).toEqual([await store.findKey(sampleKey(1).teamId, sampleKey(1).id)]);
    expect(profiles).toMatchObject([{ id: PROFILE.id, name: 'Twice' }]);
  });

  test('of many changes comes in pages, and says where each ends', async () => {
    for (let number = 1; number <= 5; number++) await store.insertKey(sampleKey(number), AUTHOR);
    const pages: number[] = [];
    for (let position = begin; position < begin + 5; ) {
      const answer = await gateways.sync('one', position, 2);
      pages.push(answer?.keys.length ?? 0);
      expect(answer?.seq).toBe(begin + 5);
      position = answer?.throughSeq ?? 0;
    }
    expect(pages).toEqual([2, 2, 1]);
  });

  test('says from which change on all are kept, and whether there is one that it does not know', async () => {
    expect(await gateways.sync('one', begin - 1, 10)).toMatchObject({ keptFromSeq: 1 });
    await database.query(
      `alter table changes drop constraint if exists next_changes_kind_check;
      insert into changes values (${begin + 1}, 'region', 'r', 1); update change_clock set seq = seq + 1`,
    );
    expect(await gateways.sync('one', begin, 10)).toMatchObject({ hasUnknownChange: true });
    await database.query('delete from audit; delete from changes');
    expect(await gateways.sync('one', begin, 10)).toMatchObject({ keptFromSeq: begin + 2 });
  });

  test('names the change at the position, and the last of the answer, as no other change is named', async () => {
    for (let number = 1; number <= 3; number++) await store.insertKey(sampleKey(number), AUTHOR);
    const first = await gateways.sync('one', begin, 2);
    const second = await gateways.sync('one', begin + 2, 2);
    const third = await gateways.sync('one', begin + 3, 2);
    expect([first?.throughMark, second?.throughMark]).toEqual([second?.positionMark, third?.positionMark]);
    expect(third?.throughMark).toBe(third?.positionMark);
    expect(new Set([first?.positionMark, first?.throughMark, second?.throughMark, null]).size).toBe(4);
    await database.query(`update changes set at = at + 1 where seq = ${begin + 3}`);
    expect((await gateways.sync('one', begin + 3, 2))?.positionMark).not.toBe(third?.positionMark);
    expect(await gateways.sync('one', 0, 2)).toMatchObject({ positionMark: null });
  });

  test('sees no half of a change that is made meanwhile: seq and rows are of one moment', async () => {
    await store.insertKey(sampleKey(1), AUTHOR);
    let isDone = false;
    const writing = (async () => {
      for (let round = 0; round < 150; round++) {
        await store.change(sampleKey(1).teamId, sampleKey(1).id, AUTHOR, (key) => ({
          key: {
            ...key,
            version: key.version + 1,
            secrets: key.secrets.map((secret) => ({ ...secret, supersededAt: 5_000, acceptedUntil: 10_000 + round })),
          },
          result: null,
        }));
      }
      isDone = true;
    })();
    // The version of the key is the number of its changes, so the number of the last change tells which version belongs to it.
    const base = (await gateways.sync('one', begin, 100))?.seq ?? 0;
    const seen = new Set<number>();
    while (!isDone) {
      const read = await gateways.readSecret(sampleKey(1).secrets[0]?.hash ?? '');
      const synced = await gateways.sync('one', begin, 1_000);
      for (const [seq, key] of [
        [read.seq, read.found?.key],
        [synced?.seq, synced?.keys[0]],
      ] as const) {
        expect((key?.version ?? 0) - (seq ?? 0)).toBe(-begin);
        seen.add(seq ?? 0);
      }
    }
    await writing;
    expect(base).toBeGreaterThanOrEqual(begin + 1);
    expect(seen.size).toBeGreaterThan(5);
  });

  test('of one that is retired, or was never there, is refused, and records nothing', async () => {
    expect(await gateways.sync('nobody', 0, 10)).toBeNull();
    expect(await gateways.retire('one', { isDrained: false })).toBe(true);
    const before = await member('one');
    expect(await gateways.sync('one', begin, 10)).toBeNull();
    expect(await member('one')).toEqual(before);
  });
});

test('a read says of which moment it is, with the key, its secrets and its profile, or that there is none', async () => {
  await store.insertKey(sampleKey(1), AUTHOR);
  const [secret] = sampleKey(1).secrets;
  const read = await gateways.readSecret(secret?.hash ?? '');
  expect(read).toMatchObject({ seq: begin + 1, found: { key: { id: sampleKey(1).id }, profile: { id: PROFILE.id } } });
  expect(await gateways.readSecret('ab'.repeat(32))).toMatchObject({ seq: begin + 1, found: null });
  expect(read.found?.profile.id).not.toBe(OTHER_PROFILE.id);
});

describe('members', () => {
  test('stand until they are drained, or settled by somebody who waited; a retired one stands until then', async () => {
    await gateways.register({ epoch: 'two', label: 'gateway-2', version: '1.2.3' });
    await gateways.register({ epoch: 'three', label: 'gateway-3', version: '1.2.3' });
    const standing = async () => (await gateways.standingMembers()).members.map(({ epoch }) => epoch).sort();
    expect(await standing()).toEqual(['one', 'three', 'two']);
    await gateways.retire('one', { isDrained: true });
    await gateways.retire('two', { isDrained: false });
    expect(await gateways.retire('two', { isDrained: true })).toBe(false);
    expect(await standing()).toEqual(['three', 'two']);
    await gateways.settle((await member('two')) as GatewayMember);
    expect(await standing()).toEqual(['three']);
    const listed = (await gateways.listGateways(60_000)).members.map(({ label }) => label);
    expect([listed[0], listed.slice(1).sort()]).toEqual(['gateway-3', ['gateway-1', 'gateway-2']]);
  });

  test('are found by their epoch, also when nobody waits for them any more', async () => {
    expect(await gateways.findGateway('one')).toEqual(await member('one'));
    await gateways.retire('one', { isDrained: true });
    await database.query(`update gateways set retired_at = 1 where epoch = 'one'`);
    expect(await member('one')).toBeUndefined();
    expect(await gateways.findGateway('one')).toMatchObject({ label: 'gateway-1', isSettled: true, retiredAt: 1 });
    expect(await gateways.findGateway('nobody')).toBeNull();
  });

  test('that synchronised while somebody waited are not settled, and silent ones are retired with it', async () => {
    const before = (await member('one')) as GatewayMember;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await gateways.sync('one', begin, 10);
    await gateways.settle(before);
    expect(await member('one')).toMatchObject({ retiredAt: null, isSettled: false });
    await gateways.settle((await member('one')) as GatewayMember);
    expect(await member('one')).toMatchObject({ retiredAt: expect.any(Number), isSettled: true, isDrained: false });
    expect(await gateways.sync('one', begin, 10)).toBeNull();
  });

  test('retired when somebody began to wait are settled, though they were not then', async () => {
    const before = (await member('one')) as GatewayMember;
    await gateways.retire('one', { isDrained: false });
    await gateways.settle(before);
    expect(await member('one')).toMatchObject({ isSettled: false });
  });
});

describe('how long changes took', () => {
  const took = (ms: number, at = ms) => ({ at, gateway: 'gateway-1', ms, confirmed: 3, waitedOut: 0 });
  const numbersKept = async (limit = 1_000) => (await gateways.listBarriers(limit)).map(({ ms }) => ms);

  test('is kept as it was told, and given the newest first', async () => {
    await gateways.recordBarriers('one', 1, [took(4), { ...took(2_500), waitedOut: 1 }]);
    await gateways.recordBarriers('two', 1, [took(7)]);
    await gateways.recordBarriers('two', 2, []);
    expect(await gateways.listBarriers(2)).toEqual([{ ...took(2_500), waitedOut: 1 }, took(7)]);
    expect(await numbersKept()).toEqual([2_500, 7, 4]);
  });

  test('is forgotten after a day, and when the same gateway has told of 200 more', async () => {
    const many = Array.from({ length: 150 }, (_, index) => took(index + 1));
    await gateways.recordBarriers('one', 1, many);
    await gateways.recordBarriers('two', 1, [took(9_000)]);
    await gateways.recordBarriers(
      'one',
      151,
      many.map(({ ms }) => took(ms + 150)),
    );
    expect(await numbersKept()).toEqual([9_000, ...Array.from({ length: 200 }, (_, index) => 300 - index)]);
    await gateways.recordBarriers('three', 1, [took(1, 86_400_300)]);
    expect(await numbersKept()).toEqual([1, 9_000, 300]);
  });
});
