import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AUTHOR, PROFILE, revoked, sampleKey, TEAM } from '../../../../test/contract/key-store/samples.ts';
import { type AuditEntry, type AuditedChange, chained, EMPTY_CHAIN, verifyChain } from '../../../core/audit.ts';
import { keyChangeOf, profileChangeOf } from '../../../core/audited-change.ts';
import { sqliteDialect } from '../../sqlite/sqlite-dialect.ts';
import { SqliteExecutor } from '../../sqlite/sqlite-executor.ts';
import { queryBuilder } from '../dialect.ts';
import { keyRow, secretRow } from '../key-rows.ts';
import { MIGRATIONS, migrate } from '../migrations.ts';
import { insertTeam } from '../profile-scripts.ts';
import { ask, type Script } from '../script.ts';
import { SqlKeyStore } from '../sql-key-store.ts';

const db = queryBuilder(sqliteDialect);

let database: DatabaseSync;
let executor: SqliteExecutor;
beforeEach(async () => {
  database = new DatabaseSync(':memory:');
  database.exec('pragma foreign_keys = on');
  executor = new SqliteExecutor(database);
  await executor.write(migrate(sqliteDialect, MIGRATIONS.slice(0, 1)));
});
afterEach(() => executor.close());

/** A team with a profile and a revoked key, written as the first version of the schema has it, and its audit chain. */
async function firstVersion(): Promise<readonly AuditEntry[]> {
  const key = sampleKey(1);
  await executor.write(rows());
  const changes: AuditedChange[] = [
    profileChangeOf(null, PROFILE),
    keyChangeOf(null, key),
    keyChangeOf(key, revoked(key)),
  ];
  const entries: AuditEntry[] = [];
  for (const change of changes) {
    const entry = chained(entries.at(-1) ?? EMPTY_CHAIN, TEAM.id, { ...AUTHOR, at: 2_000 }, change);
    append(entry, entries.push(entry));
  }
  database.exec('update change_clock set seq = 3, at = 2000');
  return entries;
}

function* rows(): Script<void> {
  const { id, teamId, name, plan, createdAt, archivedAt } = PROFILE;
  const design = JSON.stringify(PROFILE.design);
  yield* insertTeam(db, TEAM);
  const profile = { id, team_id: teamId, name, plan, design, created_at: createdAt, archived_at: archivedAt };
  yield* ask(db.insertInto('profiles').values(profile));
  const key = revoked(sampleKey(1));
  yield* ask(db.insertInto('keys').values(keyRow(key)));
  for (const secret of key.secrets) yield* ask(db.insertInto('key_secrets').values(secretRow(key.id, secret)));
}

function append(entry: AuditEntry, changeSeq: number): void {
  const { teamId, seq, at, actor, client, ip, action, subjectKind, subjectId, profileId, previousHash, hash } = entry;
  const facts = [entry.before, entry.after].map((value) => (value === null ? null : JSON.stringify(value)));
  const what = [action, subjectKind, subjectId, profileId, ...facts];
  database.prepare('insert into changes values (?, ?, ?, ?)').run(changeSeq, subjectKind, subjectId, at);
  database
    .prepare(`insert into audit values (${Array(15).fill('?').join(', ')})`)
    .run(changeSeq, teamId, seq, at, actor, client, ip, ...what, previousHash, hash);
}

test('a database of the first version keeps its keys, its log of changes, and an audit chain that verifies', async () => {
  const entries = await firstVersion();
  const log = database.prepare('select * from changes order by seq').all();
  await executor.write(migrate(sqliteDialect));
  const store = new SqlKeyStore(executor, sqliteDialect);
  expect(database.prepare('select * from changes order by seq').all()).toEqual(log);
  expect(await store.auditChain(TEAM.id, 0, 100)).toEqual(entries);
  expect(await verifyChain(await store.auditChain(TEAM.id, 0, 100))).toMatchObject({
    kind: 'intact',
    head: { seq: 3 },
  });
  expect(await store.findKey(TEAM.id, 'key_0001')).toEqual(revoked(sampleKey(1)));
});

test('the chain goes on where it was, and a session joins it', async () => {
  await firstVersion();
  await executor.write(migrate(sqliteDialect));
  const store = new SqlKeyStore(executor, sqliteDialect);
  await store.insertKey(sampleKey(2), { ...AUTHOR, session: 'session_2222222222222222' });
  const chain = await store.auditChain(TEAM.id, 0, 100);
  expect(chain.map(({ seq, session }) => [seq, session])).toEqual([
    [1, null],
    [2, null],
    [3, null],
    [4, 'session_2222222222222222'],
  ]);
  expect(await verifyChain(chain)).toMatchObject({ kind: 'intact' });
});

test('entries still refer to their changes and teams, and the log of a subject is still found by its index', async () => {
  await firstVersion();
  await executor.write(migrate(sqliteDialect));
  expect(() => database.exec('delete from changes where seq = 1')).toThrow(/FOREIGN KEY/);
  expect(() => database.exec("update audit set team_id = 'team_9'")).toThrow(/FOREIGN KEY/);
  expect(() => database.exec("insert into changes values (9, 'other', 'x', 0)")).toThrow(/CHECK/);
  const names = "select name from sqlite_schema where type = 'index' and tbl_name = 'audit' and sql is not null";
  expect(database.prepare(names).all()).toEqual([{ name: 'audit_of_subject' }]);
});
