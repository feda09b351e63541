import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import {
  AUTHOR,
  PROFILE,
  revoked,
  sampleKey,
  sampleSecret,
  TEAM,
  usageRow,
} from '../../../test/contract/key-store/samples.ts';
import type { Profile } from '../../core/profile.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { SqliteExecutor } from '../sqlite/sqlite-executor.ts';
import { migrate } from './migrations.ts';
import { SqlKeyStore } from './sql-key-store.ts';

let database: DatabaseSync;
let store: SqlKeyStore;
beforeEach(async () => {
  database = new DatabaseSync(':memory:');
  const executor = new SqliteExecutor(database);
  await executor.write(migrate(sqliteDialect));
  store = new SqlKeyStore(executor, sqliteDialect);
  await withProfiles({ store });
});
afterEach(() => store.close());

function changes(): unknown[] {
  return database.prepare("select seq, subject_id, at from changes where kind = 'key' order by seq").all();
}

test('every change of a key is in the log once, in the order of the commits, with times that never fall', async () => {
  await store.insertKey(sampleKey(1, { createdAt: 1_000 }), AUTHOR);
  await store.insertKey(sampleKey(2, { createdAt: 900 }), AUTHOR);
  await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(key, 2_000), result: null }));
  expect(changes()).toEqual([
    { seq: 4, subject_id: 'key_0001', at: 1_000 },
    { seq: 5, subject_id: 'key_0002', at: 1_000 },
    { seq: 6, subject_id: 'key_0001', at: 2_000 },
  ]);
});

test('what changed nothing is not in the log, and leaves no gap', async () => {
  await store.insertKey(sampleKey(1), AUTHOR);
  await store.insertKey(sampleKey(2, { secrets: [sampleSecret(1)] }), AUTHOR);
  await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key, result: null }));
  await store.change(TEAM.id, 'key_0001', AUTHOR, () => ({ key: null, result: null }));
  await store.change(TEAM.id, 'key_0009', AUTHOR, () => ({ key: null, result: null }));
  await store.recordUsage({
    rows: [usageRow('key_0001', { served: 1 })],
    lastUses: [],
    events: [],
    journal: null,
    at: 0,
  });
  await store.persistTime(9_000);
  expect(changes()).toEqual([{ seq: 4, subject_id: 'key_0001', at: 1_000 }]);
  await store.insertKey(sampleKey(3), AUTHOR);
  expect(changes().at(-1)).toEqual({ seq: 5, subject_id: 'key_0003', at: 9_000 });
});

test('every change of a profile is in the log once; archiving moves the time, and what changed nothing does neither', async () => {
  const change = (fields: Partial<Profile>) =>
    store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, (profile) => ({
      profile: { ...profile, ...fields },
      result: null,
    }));
  await change({ plan: 'pro' });
  await change({ plan: 'pro' });
  await change({ name: 'Renamed', design: {} });
  await change({ archivedAt: 5_000 });
  await change({ archivedAt: 5_000 });
  const log = database.prepare(
    "select seq, subject_id, at from changes where kind = 'profile' and seq > 3 order by seq",
  );
  expect(log.all()).toEqual([
    { seq: 4, subject_id: PROFILE.id, at: 32 },
    { seq: 5, subject_id: PROFILE.id, at: 32 },
    { seq: 6, subject_id: PROFILE.id, at: 5_000 },
  ]);
});
