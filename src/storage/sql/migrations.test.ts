import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { SqliteExecutor } from '../sqlite/sqlite-executor.ts';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';

let database: DatabaseSync;
let executor: SqliteExecutor;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  executor = new SqliteExecutor(database);
});
afterEach(() => executor.close());

function schema(): unknown[] {
  return database.prepare('select * from sqlite_schema').all();
}

function next(...statements: string[]): readonly Migration[] {
  return [...MIGRATIONS, { version: MIGRATIONS.length + 1, name: 'next', statements: () => statements }];
}

test('versions go up by one', () => {
  expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test('an empty database is brought to the newest version, or stays empty when a step fails', async () => {
  await expect(
    executor.write(migrate(sqliteDialect, next('create table later (id text)', 'no sql'))),
  ).rejects.toThrow();
  expect(schema()).toEqual([]);
  await executor.write(migrate(sqliteDialect));
  const applied = MIGRATIONS.map(({ version, name }) => ({ version, name }));
  expect(database.prepare('select version, name from migrations').all()).toEqual(applied);
});

test('each step runs once', async () => {
  await executor.write(migrate(sqliteDialect));
  const before = schema();
  await executor.write(migrate(sqliteDialect));
  expect(schema()).toEqual(before);
  await executor.write(migrate(sqliteDialect, next('create table later (id text)')));
  await executor.write(migrate(sqliteDialect, next('create table later (id text)')));
  expect(schema()).toHaveLength(before.length + 1);
});

test('a step that fails leaves an older database as it was', async () => {
  await executor.write(migrate(sqliteDialect));
  const before = schema();
  const failing = next('drop table change_clock', 'insert into nowhere values (1)');
  await expect(executor.write(migrate(sqliteDialect, failing))).rejects.toThrow();
  expect(schema()).toEqual(before);
});

test('a database of a newer version is refused in one line', async () => {
  await executor.write(migrate(sqliteDialect, next('create table later (id text)')));
  await expect(executor.write(migrate(sqliteDialect))).rejects.toMatchObject({
    code: 'data_directory',
    message: `A newer Outkit has written this database: it is at version ${MIGRATIONS.length + 1}, and this one knows versions up to ${MIGRATIONS.length}.`,
  });
});
