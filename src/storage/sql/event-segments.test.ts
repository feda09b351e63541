import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withKeys } from '../../../test/contract/event-store/lists.ts';
import { eventsOf, record, sampleEvent } from '../../../test/contract/event-store/samples.ts';
import { OTHER_PROFILE, PROFILE, SECOND_PROFILE, sampleKey } from '../../../test/contract/key-store/samples.ts';
import type { RenderEvent } from '../../core/render-event.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { SqliteExecutor } from '../sqlite/sqlite-executor.ts';
import { EVENTS_A_SEGMENT } from './event-segments.ts';
import { migrate } from './migrations.ts';
import { SqlKeyStore } from './sql-key-store.ts';

/** Key and profile of an event: first one key alone, then all in turn, then another alone. */
const OWNERS: readonly Pick<RenderEvent, 'keyId' | 'profileId'>[] = [
  { keyId: sampleKey(1).id, profileId: PROFILE.id },
  { keyId: sampleKey(3).id, profileId: SECOND_PROFILE.id },
  { keyId: sampleKey(4).id, profileId: OTHER_PROFILE.id },
];
const COUNT = 3 * EVENTS_A_SEGMENT + 11;
const ownerOf = (number: number) => OWNERS[number < 100 ? 0 : number > 500 ? 2 : number % 3] as (typeof OWNERS)[number];

let database: DatabaseSync;
let store: SqlKeyStore;
beforeEach(async () => {
  database = new DatabaseSync(':memory:');
  const executor = new SqliteExecutor(database);
  await executor.write(migrate(sqliteDialect));
  store = new SqlKeyStore(executor, sqliteDialect);
  await withKeys({ store, cleanup: async () => {} });
  await record(
    store,
    Array.from({ length: COUNT }, (_, number) => sampleEvent(number, ownerOf(number))),
  );
});
afterEach(() => store.close());

const rowsOf = (table: string) => database.prepare(`select * from ${table} order by 1, 2`).all();

test('a batch is as few rows as its segments, and one for each key and profile in each of them', () => {
  expect(rowsOf('event_segments').map(({ first_seq, last_seq }) => [first_seq, last_seq])).toEqual([
    [1, 256],
    [257, 512],
    [513, 768],
    [769, 779],
  ]);
  const keys = OWNERS.map(({ keyId }) => rowsOf('segment_keys').filter(({ key_id }) => key_id === keyId));
  expect(keys.map((rows) => rows.map(({ last_seq }) => last_seq))).toEqual([
    [256, 512],
    [256, 512],
    [256, 512, 768, 779],
  ]);
  expect(rowsOf('segment_profiles')).toHaveLength(8);
});

test.each([1, 7, 100, 256, 300])(
  'removed in steps of %i, nothing is named that is not there, and in the end nothing is left',
  async (step) => {
    const all = OWNERS.map(({ profileId }) => profileId);
    for (let removed = 0; removed < COUNT; ) {
      removed += await store.pruneEvents(Number.MAX_SAFE_INTEGER, 0, step);
      if (removed % 5 !== 0 && removed < COUNT) continue;
      const left = await store.listEvents(eventsOf({ profileIds: all, after: 0, limit: COUNT }));
      expect(left.map(({ seq }) => seq)).toEqual(
        Array.from({ length: COUNT - removed }, (_, index) => removed + index + 1),
      );
      const holding = ({ seq }: { readonly seq: number }) =>
        Math.min(COUNT, Math.ceil(seq / EVENTS_A_SEGMENT) * EVENTS_A_SEGMENT);
      const named = new Set(left.map((event) => `${event.keyId} ${holding(event)}`));
      expect(new Set(rowsOf('segment_keys').map(({ key_id, last_seq }) => `${key_id} ${last_seq}`))).toEqual(named);
    }
    for (const table of ['event_segments', 'segment_keys', 'segment_profiles']) expect(rowsOf(table)).toEqual([]);
  },
);
