import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withKeys } from '../../../test/contract/event-store/lists.ts';
import { eventsOf, record, sampleEvent, seqsOf } from '../../../test/contract/event-store/samples.ts';
import { sampleKey, usageRow } from '../../../test/contract/key-store/samples.ts';
import { directory, inStore, parent, restored, takeBackup, useDirectories } from './restore.fixture.ts';

useDirectories();

/** A backup with one count and events 1 and 2; the database has three more events since. */
async function backedUp(): Promise<void> {
  const rows = [usageRow(sampleKey(1).id, { served: 1 })];
  const counted = { rows, lastUses: [], journal: { epoch: 'epoch', position: 5 }, at: 0 };
  await inStore(async (store) => {
    await withKeys({ store, cleanup: async () => {} });
    await store.recordUsage({ ...counted, events: [sampleEvent(1), sampleEvent(2)] });
  });
  await takeBackup();
  const more = { ...counted, journal: { epoch: 'epoch', position: 9 } };
  await inStore((store) => store.recordUsage({ ...more, events: [3, 4, 5].map((number) => sampleEvent(number)) }));
}

test('counts and events are those of the backup, and no number of the replaced database comes again', async () => {
  await backedUp();
  await restored();
  await inStore(async (store) => {
    expect(await store.usageOf(sampleKey(1).id, 0)).toEqual([usageRow(sampleKey(1).id, { served: 1 })]);
    expect(seqsOf(await store.listEvents(eventsOf()))).toEqual([2, 1]);
    // Whoever has seen event 3 learns that what came behind it is gone.
    expect(await store.prunedEventSeq()).toBe(5);
    expect(seqsOf(await record(store, [sampleEvent(6)]))).toEqual([6]);
    expect(seqsOf(await store.listEvents(eventsOf({ after: 0 })))).toEqual([1, 2, 6]);
  });
});

test.each([
  ['on another machine', () => join(parent, 'fresh'), false],
  [
    'over a damaged database',
    () => {
      writeFileSync(join(directory, 'outkit.db'), 'x'.repeat(9_000));
      return directory;
    },
    true,
  ],
])(
  '%s nobody knows the last number, and the next one is beyond all that can have been',
  async (_what, make, discard) => {
    await backedUp();
    const where = make();
    await restored({ directory: where, discardCurrent: discard });
    await inStore(async (store) => {
      const [stored] = await record(store, [sampleEvent(6)]);
      expect(stored?.seq).toBeGreaterThan(10 ** 10);
      expect(await store.prunedEventSeq()).toBe((stored?.seq ?? 0) - 1);
      expect(seqsOf(await store.listEvents(eventsOf({ after: 0 })))).toEqual([1, 2, stored?.seq]);
    }, where);
  },
);
