import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataFiles } from './data-files.ts';
import { connect, createDatabase } from './database-file.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outkit-database-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each([
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['trusted_schema', 0],
  ['busy_timeout', 1_000],
])('every connection has %s = %s', (name, expected) => {
  const database = connect(join(directory, 'any.db'));
  expect(Object.values(database.prepare(`pragma ${name}`).get() ?? {})).toContain(expected);
  database.close();
});

test('a database that does not take a setting is refused', () => {
  expect(() => connect(':memory:')).toThrow('journal_mode is memory, not wal');
});

test('a database that was not finished never gets its name, and does not stand in the way', async () => {
  const files = dataFiles(directory);
  const crash = new Error('crash');
  await expect(createDatabase(files, () => Promise.reject(crash))).rejects.toBe(crash);
  expect(existsSync(files.database)).toBe(false);
  writeFileSync(files.newDatabase, 'half a database');
  writeFileSync(`${files.newDatabase}-wal`, 'and its log');
  const store = await openSqliteStore({ directory });
  expect(await store.listTeams()).toEqual([]);
  expect(existsSync(files.newDatabase)).toBe(false);
  await store.close();
});
