import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Script } from '../sql/script.ts';
import { connect } from './database-file.ts';
import { SqliteExecutor } from './sqlite-executor.ts';

let directory: string;
let database: DatabaseSync;
let executor: SqliteExecutor;
let failures: unknown[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outkit-executor-'));
  database = connect(join(directory, 'any.db'));
  failures = [];
  executor = new SqliteExecutor(database, { onFailed: (error) => failures.push(error) });
  await executor.write(statements('create table notes (text text not null) strict'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await executor.close();
  rmSync(directory, { recursive: true });
});

function* statements(...texts: string[]): Script<readonly unknown[]> {
  let rows: readonly unknown[] = [];
  for (const text of texts) rows = yield CompiledQuery.raw(text);
  return rows;
}

const noted = () => executor.read(statements('select text from notes'));

/** SQLite's answer when the disk fails: extended code 1034 is an fsync that failed. */
function failingOn(sql: string, errcode = 1_034): void {
  const exec = database.exec.bind(database);
  vi.spyOn(database, 'exec').mockImplementation((text) => {
    if (text === sql) throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode });
    exec(text);
  });
}

test('a script that throws has written nothing, and the next one works', async () => {
  const failure = new Error('no');
  const script = function* (): Script<void> {
    yield* statements("insert into notes values ('lost')");
    throw failure;
  };
  await expect(executor.write(script())).rejects.toBe(failure);
  await executor.write(statements("insert into notes values ('kept')"));
  expect(await noted()).toEqual([{ text: 'kept' }]);
});

test('after a commit of unknown outcome nothing is written any more, reading goes on, and the owner is told once', async () => {
  await executor.write(statements("insert into notes values ('before')"));
  failingOn('commit', 1_034);
  const unknown = { code: 'unavailable', message: expect.stringContaining('It may hold the last change or not') };
  await expect(executor.write(statements("insert into notes values ('unknown')"))).rejects.toMatchObject(unknown);
  vi.restoreAllMocks();
  await expect(executor.write(statements("insert into notes values ('after')"))).rejects.toMatchObject(unknown);
  expect(await noted()).toEqual([{ text: 'before' }]);
  expect(failures).toMatchObject([unknown]);
});

test('a disk that is full at the commit took nothing, and the next change that fits is written', async () => {
  failingOn('commit', 13);
  await expect(executor.write(statements("insert into notes values ('lost')"))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('nothing was changed'),
  });
  vi.restoreAllMocks();
  await executor.write(statements("insert into notes values ('kept')"));
  expect(await noted()).toEqual([{ text: 'kept' }]);
  expect(failures).toEqual([]);
});

test('a full disk refuses the change and takes the next one that fits', async () => {
  const size = Object.values(database.prepare('pragma page_count').get() ?? {})[0];
  database.exec(`pragma max_page_count = ${size}`);
  const tooMuch = executor.write(statements('insert into notes values (hex(zeroblob(100000)))'));
  await expect(tooMuch).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('nothing was changed'),
  });
  await executor.write(statements("insert into notes values ('small')"));
  expect(await noted()).toEqual([{ text: 'small' }]);
});

test('while another process writes, a change is refused, and possible again afterwards', async () => {
  database.exec('pragma busy_timeout = 1');
  const other = new DatabaseSync(join(directory, 'any.db'));
  other.exec('begin immediate');
  const insert = () => executor.write(statements("insert into notes values ('mine')"));
  await expect(insert()).rejects.toMatchObject({ code: 'unavailable' });
  other.close();
  await insert();
  expect(await noted()).toEqual([{ text: 'mine' }]);
});

test('parallel writes never see each other half done', async () => {
  const count = function* (): Script<void> {
    const [row] = yield* statements('select count(*) as number from notes');
    yield CompiledQuery.raw('insert into notes values (?)', [String((row as { number: number }).number)]);
  };
  await Promise.all(Array.from({ length: 50 }, () => executor.write(count())));
  expect(await noted()).toEqual(Array.from({ length: 50 }, (_, number) => ({ text: String(number) })));
});

test('a statement is prepared once, and those unused for longest are dropped', async () => {
  const prepare = vi.spyOn(database, 'prepare');
  for (let round = 0; round < 3; round++) await noted();
  expect(prepare).toHaveBeenCalledTimes(1);
  for (let number = 0; number < 250; number++) {
    await executor.read(statements(`select ${number}`));
    await noted();
  }
  expect(prepare).toHaveBeenCalledTimes(251);
  await executor.read(statements('select 0'));
  expect(prepare).toHaveBeenCalledTimes(252);
});
