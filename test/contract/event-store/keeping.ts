import { expect, test } from 'vitest';
import type { OpenedStore } from '../key-store/opened-store.ts';
import { lastUse, sampleKey, usageRow } from '../key-store/samples.ts';
import { withKeys } from './lists.ts';
import { eventsOf, record, sampleEvent, seqsOf } from './samples.ts';

const KEY = sampleKey(1).id;

export function eventKeepingContract(opened: () => OpenedStore): void {
  test('a new store has no events, and has removed none', async () => {
    const { store } = opened();
    expect(await store.newestEventSeq()).toBe(0);
    expect(await store.prunedEventSeq()).toBe(0);
    expect(await store.pruneEvents(9_000, 0, 10)).toBe(0);
    expect(await store.journalPosition('epoch')).toBe(0);
  });

  test('parallel batches get numbers of their own, each batch in one piece', async () => {
    const store = await withKeys(opened());
    const batches = await Promise.all(
      Array.from({ length: 20 }, () => record(store, [sampleEvent(1), sampleEvent(2), sampleEvent(3)])),
    );
    for (const batch of batches) {
      const [first = 0] = seqsOf(batch);
      expect(seqsOf(batch)).toEqual([first, first + 1, first + 2]);
    }
    expect(seqsOf(batches.flat()).sort((left, right) => left - right)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  test.each([
    ['of a key that is not there', { keyId: 'key_nowhere' }],
    ['that stands for nothing', { count: 0 }],
    ['of half a byte', { bytesOut: 0.5 }],
    ['at half a time', { at: 0.5 }],
  ])('a batch with an event %s is refused as a whole: no count, no number, no position', async (_what, wrong) => {
    const store = await withKeys(opened());
    const batch = {
      rows: [usageRow(KEY, { served: 1 })],
      lastUses: [lastUse(KEY)],
      events: [sampleEvent(1), sampleEvent(2, wrong)],
      journal: { epoch: 'epoch', position: 7 },
      at: 9_000,
    };
    await expect(store.recordUsage(batch)).rejects.toThrow();
    expect(await store.usageOf(KEY, 0)).toEqual([]);
    expect(await store.listEvents(eventsOf())).toEqual([]);
    expect(await store.journalPosition('epoch')).toBe(0);
    expect(seqsOf(await record(store, [sampleEvent(3)]))).toEqual([1]);
  });

  test('a wrong count takes the events of its batch with it', async () => {
    const store = await withKeys(opened());
    const rows = [usageRow('key_nowhere', { served: 1 })];
    const batch = { rows, lastUses: [], events: [sampleEvent(1)], journal: { epoch: 'epoch', position: 7 }, at: 0 };
    await expect(store.recordUsage(batch)).rejects.toThrow();
    expect(await store.listEvents(eventsOf())).toEqual([]);
    expect(await store.journalPosition('epoch')).toBe(0);
  });

  test('a batch of a journal is stored once, however often it is handed over, at once too', async () => {
    const store = await withKeys(opened());
    const batch = {
      rows: [usageRow(KEY, { served: 1 })],
      lastUses: [lastUse(KEY)],
      events: [sampleEvent(1)],
      journal: { epoch: 'one', position: 7 },
      at: 9_000,
    };
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => store.recordUsage(batch)));
    expect(outcomes.filter((outcome) => outcome !== null).map(seqsOf)).toEqual([[1]]);
    expect(await store.recordUsage({ ...batch, journal: { epoch: 'one', position: 6 } })).toBeNull();
    expect(await store.recordUsage({ ...batch, journal: { epoch: 'two', position: 6 } })).toHaveLength(1);
    expect(await store.recordUsage({ ...batch, journal: { epoch: 'one', position: 8 } })).toHaveLength(1);
    expect(await store.usageOf(KEY, 0)).toEqual([usageRow(KEY, { served: 3 })]);
    expect(await store.newestEventSeq()).toBe(3);
  });

  test('each journal has a position of its own, that of the last batch', async () => {
    const store = await withKeys(opened());
    await record(store, [], { epoch: 'one', position: 7 });
    await record(store, [], { epoch: 'two', position: 3 });
    await record(store, [], { epoch: 'one', position: 2 ** 52 });
    await record(store, []);
    expect(await store.journalPosition('one')).toBe(2 ** 52);
    expect(await store.journalPosition('two')).toBe(3);
    expect(await store.journalPosition('ONE')).toBe(0);
  });

  test('pruning removes the oldest in steps, and never a newer one', async () => {
    const store = await withKeys(opened());
    await record(
      store,
      Array.from({ length: 10 }, (_, number) => sampleEvent(number + 1)),
    );
    expect(await store.pruneEvents(1_006, 100, 3)).toBe(3);
    expect(await store.prunedEventSeq()).toBe(3);
    expect(await store.pruneEvents(1_006, 100, 3)).toBe(2);
    expect(await store.pruneEvents(1_006, 100, 3)).toBe(0);
    expect(await store.prunedEventSeq()).toBe(5);
    expect(seqsOf(await store.listEvents(eventsOf({ after: 0 })))).toEqual([6, 7, 8, 9, 10]);
    expect(await store.pruneEvents(0, 2, 2)).toBe(2);
    expect(await store.pruneEvents(0, 2, 2)).toBe(1);
    expect(await store.pruneEvents(0, 2, 2)).toBe(0);
    expect(seqsOf(await store.listEvents(eventsOf()))).toEqual([10, 9]);
    expect(await store.prunedEventSeq()).toBe(8);
  });

  test('an event that is no longer kept goes when those before it went', async () => {
    const store = await withKeys(opened());
    await record(store, [sampleEvent(1, { at: 2_000 }), sampleEvent(2, { at: 1_000 }), sampleEvent(3, { at: 3_000 })]);
    expect(await store.pruneEvents(1_500, 100, 10)).toBe(0);
    expect(await store.pruneEvents(2_001, 100, 10)).toBe(2);
    expect(seqsOf(await store.listEvents(eventsOf()))).toEqual([3]);
  });

  test('no number comes twice, when all were removed and the store was opened again too', async (context) => {
    const { reopen } = opened();
    if (reopen === undefined) return context.skip('this store keeps nothing when it is closed');
    const store = await withKeys(opened());
    await record(store, [sampleEvent(1), sampleEvent(2)], { epoch: 'one', position: 7 });
    expect(await store.pruneEvents(9_000, 100, 10)).toBe(2);
    const again = await reopen();
    expect(await again.newestEventSeq()).toBe(2);
    expect(await again.prunedEventSeq()).toBe(2);
    expect(await again.journalPosition('one')).toBe(7);
    const stored = await record(again, [sampleEvent(3)]);
    expect(seqsOf(stored)).toEqual([3]);
    expect(await again.listEvents(eventsOf())).toEqual(stored);
  });
}
