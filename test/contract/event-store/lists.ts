import { expect, test } from 'vitest';
import type { RenderEvent } from '../../../src/core/render-event.ts';
import { type OpenedStore, withProfiles } from '../key-store/opened-store.ts';
import {
  AUTHOR,
  ODD_TEXTS,
  OTHER_PROFILE,
  OTHER_TEAM,
  PROFILE,
  SECOND_PROFILE,
  sampleKey,
} from '../key-store/samples.ts';
import { eventsOf, record, sampleEvent, seqsOf } from './samples.ts';

/** Keys 1 and 2 of the first profile, 3 of the second, 4 of another team. */
export async function withKeys(opened: OpenedStore) {
  const store = await withProfiles(opened);
  await store.insertKey(sampleKey(1), AUTHOR);
  await store.insertKey(sampleKey(2), AUTHOR);
  await store.insertKey(sampleKey(3, { profileId: SECOND_PROFILE.id }), AUTHOR);
  await store.insertKey(sampleKey(4, { teamId: OTHER_TEAM.id, profileId: OTHER_PROFILE.id }), AUTHOR);
  return store;
}

export function eventListContract(opened: () => OpenedStore): void {
  test('events come back as they went in, in their places', async () => {
    const store = await withKeys(opened());
    const several = sampleEvent(2, { verdict: 'revoked', status: 401, blocks: null, count: 7, isInterrupted: true });
    const stored = await record(store, [sampleEvent(1), several]);
    expect(stored).toEqual([
      { ...sampleEvent(1), seq: 1 },
      { ...several, seq: 2 },
    ]);
    expect(await store.listEvents(eventsOf({ after: 0 }))).toEqual(stored);
    expect(await store.newestEventSeq()).toBe(2);
  });

  test('no text is read, folded, trimmed or cut', async () => {
    const store = await withKeys(opened());
    const odd = (text: string): RenderEvent =>
      sampleEvent(1, { keyName: text, start: text, requestId: text, method: text, path: text, ip: text, agent: text });
    const stored = await record(store, ODD_TEXTS.map(odd));
    expect(await store.listEvents(eventsOf({ after: 0 }))).toEqual(stored);
    for (const text of ODD_TEXTS) {
      const found = await store.listEvents(eventsOf({ path: text }));
      expect(found.map(({ path }) => path)).toEqual([text]);
    }
  });

  test('the order is that of the records, not that of the times', async () => {
    const store = await withKeys(opened());
    await record(store, [sampleEvent(1, { at: 9_000 }), sampleEvent(2, { at: 3_000 })]);
    await record(store, [sampleEvent(3, { at: 6_000 })]);
    const requests = async (query: Partial<Parameters<typeof eventsOf>[0]>) =>
      (await store.listEvents(eventsOf(query))).map(({ requestId }) => requestId);
    expect(await requests({})).toEqual(['req_3', 'req_2', 'req_1']);
    expect(await requests({ after: 0 })).toEqual(['req_1', 'req_2', 'req_3']);
    expect(await requests({ since: 6_000 })).toEqual(['req_3', 'req_1']);
    expect(await requests({ after: 0, since: 9_001 })).toEqual([]);
  });

  test('both ways, pages meet without a gap and without an overlap', async () => {
    const store = await withKeys(opened());
    await record(
      store,
      Array.from({ length: 10 }, (_, number) => sampleEvent(number)),
    );
    expect(seqsOf(await store.listEvents(eventsOf({ after: 3, limit: 4 })))).toEqual([4, 5, 6, 7]);
    expect(seqsOf(await store.listEvents(eventsOf({ after: 7, limit: 4 })))).toEqual([8, 9, 10]);
    expect(seqsOf(await store.listEvents(eventsOf({ after: 10, limit: 4 })))).toEqual([]);
    expect(seqsOf(await store.listEvents(eventsOf({ limit: 4 })))).toEqual([10, 9, 8, 7]);
    expect(seqsOf(await store.listEvents(eventsOf({ before: 7, limit: 4 })))).toEqual([6, 5, 4, 3]);
    expect(seqsOf(await store.listEvents(eventsOf({ before: 1, limit: 4 })))).toEqual([]);
  });

  test('only the profiles that are asked for are listed, however many', async () => {
    const store = await withKeys(opened());
    await record(store, [
      sampleEvent(1),
      sampleEvent(2, { profileId: SECOND_PROFILE.id, keyId: sampleKey(3).id }),
      sampleEvent(3, { profileId: OTHER_PROFILE.id, keyId: sampleKey(4).id }),
      sampleEvent(4),
    ]);
    expect(seqsOf(await store.listEvents(eventsOf()))).toEqual([4, 1]);
    const ofTeam = [PROFILE.id, SECOND_PROFILE.id];
    expect(seqsOf(await store.listEvents(eventsOf({ profileIds: ofTeam })))).toEqual([4, 2, 1]);
    expect(await store.listEvents(eventsOf({ profileIds: [] }))).toEqual([]);
    expect(await store.listEvents(eventsOf({ profileIds: [PROFILE.id.toUpperCase()] }))).toEqual([]);
    const many = Array.from({ length: 1_200 }, (_, number) => `prof_x${number}`);
    expect(await store.listEvents(eventsOf({ profileIds: [...many, SECOND_PROFILE.id] }))).toHaveLength(1);
  });

  test('every field of a filter has to fit, and bounds are inclusive', async () => {
    const store = await withKeys(opened());
    await record(store, [
      sampleEvent(1, { status: 400 }),
      sampleEvent(2, { status: 499, path: '/components' }),
      sampleEvent(3, { status: 500, keyId: sampleKey(2).id }),
      sampleEvent(4, { status: 399 }),
    ]);
    const seqs = async (filter: Partial<Parameters<typeof eventsOf>[0]>) =>
      seqsOf(await store.listEvents(eventsOf(filter)));
    expect(await seqs({ status: { min: 400, max: 499 } })).toEqual([2, 1]);
    expect(await seqs({ keyId: sampleKey(2).id })).toEqual([3]);
    expect(await seqs({ keyId: sampleKey(1).id, path: '/components' })).toEqual([2]);
    expect(await seqs({ keyId: sampleKey(2).id, status: { min: 400, max: 499 } })).toEqual([]);
    expect(await seqs({ keyId: sampleKey(4).id })).toEqual([]);
  });

  test('a rare event is found among very many', async () => {
    const store = await withKeys(opened());
    const many = Array.from({ length: 12_000 }, (_, number) => sampleEvent(number));
    await record(store, [sampleEvent(0, { status: 503 }), ...many, sampleEvent(0, { status: 503 }), ...many]);
    const rare = { status: { min: 500, max: 599 } };
    expect(seqsOf(await store.listEvents(eventsOf(rare)))).toEqual([12_002, 1]);
    expect(seqsOf(await store.listEvents(eventsOf({ ...rare, after: 0 })))).toEqual([1, 12_002]);
    expect(seqsOf(await store.listEvents(eventsOf({ ...rare, after: 0, limit: 1 })))).toEqual([1]);
  });

  test('a list that events are appended to meanwhile has all up to its last', async () => {
    const store = await withKeys(opened());
    const failed = sampleEvent(0, { status: 503 });
    await record(
      store,
      Array.from({ length: 4_990 }, (_, number) => sampleEvent(number)),
    );
    const listing = store.listEvents(eventsOf({ after: 0, status: { min: 500, max: 599 } }));
    await record(
      store,
      Array.from({ length: 20 }, (_, number) => (number % 8 === 4 ? failed : sampleEvent(number))),
    );
    expect([[], [4_995, 5_003]]).toContainEqual(seqsOf(await listing));
  });
}
