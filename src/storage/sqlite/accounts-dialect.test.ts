import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { CompiledQuery, Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Script } from '../sql/script.ts';
import { accountsDatabase } from './accounts-dialect.ts';
import { connect } from './database-file.ts';
import { SqliteExecutor } from './sqlite-executor.ts';

interface Tables {
  notes: { text: string };
}

let directory: string;
let database: DatabaseSync;
let executor: SqliteExecutor;
let library: Kysely<Tables>;
let failures: unknown[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outkit-dialect-'));
  database = connect(join(directory, 'any.db'));
  failures = [];
  executor = new SqliteExecutor(database, { onFailed: (error) => failures.push(error) });
  library = new Kysely<Tables>({ dialect: accountsDatabase(executor).dialect });
  await executor.write(statement('create table notes (text text not null unique) strict'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await executor.close();
  rmSync(directory, { recursive: true });
});

function* statement(text: string, ...values: string[]): Script<readonly unknown[]> {
  return yield CompiledQuery.raw(text, values);
}

const NO = new Error('no');
const noteByUs = (text: string) => executor.write(statement('insert into notes values (?)', text));
const noteByLibrary = (text: string, db = library) => db.insertInto('notes').values({ text }).execute();
const noted = async () => {
  const rows = await executor.read(statement('select text from notes order by text'));
  return rows.map((row) => (row as { text: string }).text);
};

/** A transaction of the library that stays open until told how to end. */
function openTransaction(text: string) {
  const { promise: end, resolve: commit, reject: rollBack } = Promise.withResolvers<void>();
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const done = library.transaction().execute(async (transaction) => {
    await noteByLibrary(text, transaction);
    opened();
    await end;
  });
  return { done, isOpen, commit, rollBack };
}

test('a write of ours that comes while a transaction of the library is open survives when that is rolled back', async () => {
  const transaction = openTransaction('theirs');
  await transaction.isOpen;
  let isWritten = false;
  const write = noteByUs('ours').then(() => {
    isWritten = true;
  });
  await setImmediate();
  expect(isWritten).toBe(false);
  transaction.rollBack(NO);
  await expect(transaction.done).rejects.toBe(NO);
  await write;
  expect(await noted()).toEqual(['ours']);
});

test('a read of ours never sees what a transaction of the library has not committed', async () => {
  const transaction = openTransaction('never');
  await transaction.isOpen;
  const seen = noted();
  await setImmediate();
  transaction.rollBack(NO);
  await expect(transaction.done).rejects.toBe(NO);
  expect(await seen).toEqual([]);
});

test('what the library writes while a write of ours fails survives', async () => {
  const failing = executor.write(
    (function* (): Script<void> {
      yield* statement("insert into notes values ('ours')");
      throw NO;
    })(),
  );
  const written = noteByLibrary('theirs');
  await expect(failing).rejects.toBe(NO);
  await written;
  expect(await noted()).toEqual(['theirs']);
});

test('what the library writes outside its open transaction waits for it and survives its rollback, also by a second one', async () => {
  const second = new Kysely<Tables>({ dialect: accountsDatabase(executor).dialect });
  const transaction = openTransaction('inside');
  await transaction.isOpen;
  const outside = [noteByLibrary('outside'), noteByLibrary('second', second)];
  await setImmediate();
  transaction.rollBack(NO);
  await expect(transaction.done).rejects.toBe(NO);
  await Promise.all(outside);
  expect(await noted()).toEqual(['outside', 'second']);
});

test('transactions, statements, writes and reads in any mixture all come to an end, none in another', async () => {
  const texts = Array.from({ length: 40 }, (_, number) => String(number).padStart(2, '0'));
  const works = texts.flatMap((text, number) => [
    noteByUs(`ours ${text}`),
    noteByLibrary(`single ${text}`),
    noted(),
    library
      .transaction()
      .execute(async (transaction) => {
        await noteByLibrary(`theirs ${text}`, transaction);
        await setImmediate();
        await transaction.selectFrom('notes').selectAll().execute();
        if (number % 2 === 1) throw NO;
      })
      .catch((error: unknown) => expect(error).toBe(NO)),
  ]);
  await Promise.all(works);
  const kept = texts.filter((_, number) => number % 2 === 0);
  const expected = [...texts.map((text) => `ours ${text}`), ...texts.map((text) => `single ${text}`)];
  expect(await noted()).toEqual([...expected, ...kept.map((text) => `theirs ${text}`)].sort());
});

test('rows that were changed are counted', async () => {
  for (const text of ['a', 'b', 'c']) await noteByLibrary(text);
  const { numDeletedRows } = await library.deleteFrom('notes').where('text', '>', 'a').executeTakeFirstOrThrow();
  expect(numDeletedRows).toBe(2n);
});

test('a full disk refuses what the library writes, in a transaction or not, as it refuses ours, and the next that fits is taken', async () => {
  const size = Object.values(database.prepare('pragma page_count').get() ?? {})[0];
  database.exec(`pragma max_page_count = ${size}`);
  const refusal = { code: 'unavailable', message: expect.stringContaining('nothing was changed') };
  const tooMuch = 'x'.repeat(100_000);
  await expect(noteByLibrary(tooMuch)).rejects.toMatchObject(refusal);
  const transaction = library.transaction().execute(async (open) => {
    await noteByLibrary('lost', open);
    await noteByLibrary(tooMuch, open);
  });
  await expect(transaction).rejects.toMatchObject(refusal);
  await noteByLibrary('kept');
  expect(await noted()).toEqual(['kept']);
  expect(failures).toEqual([]);
});

test.for(['another statement', 'the commit'] as const)(
  'when a full disk has undone a transaction, a library that overlooks it gets no further: not with %s',
  async (next) => {
    const size = Object.values(database.prepare('pragma page_count').get() ?? {})[0];
    database.exec(`pragma max_page_count = ${size}`);
    const transaction = library.transaction().execute(async (open) => {
      await noteByLibrary('undone', open);
      await noteByLibrary('x'.repeat(100_000), open).catch(() => {});
      if (next === 'another statement') await noteByLibrary('half', open);
    });
    await expect(transaction).rejects.toMatchObject({ code: 'unavailable' });
    expect(await noted()).toEqual([]);
    expect(failures).toEqual([]);
    await noteByLibrary('kept');
  },
);

test('what is not unique comes out as SQLite says it', async () => {
  await noteByLibrary('once');
  await expect(noteByLibrary('once')).rejects.toMatchObject({ errcode: 2067 });
});

test.for(['in a transaction', 'alone'] as const)(
  'a commit of unknown outcome, %s, ends the writing of both sides, and both go on reading',
  async (way) => {
    await noteByLibrary('before');
    const exec = database.exec.bind(database);
    vi.spyOn(database, 'exec').mockImplementation((text) => {
      if (text === 'commit')
        throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 1_034 });
      exec(text);
    });
    const unknown = { code: 'unavailable', message: expect.stringContaining('It may hold the last change or not') };
    const inTransaction = () => library.transaction().execute((transaction) => noteByLibrary('unknown', transaction));
    await expect(way === 'alone' ? noteByLibrary('unknown') : inTransaction()).rejects.toMatchObject(unknown);
    vi.restoreAllMocks();
    await expect(noteByUs('after')).rejects.toMatchObject(unknown);
    await expect(noteByLibrary('after')).rejects.toMatchObject(unknown);
    await expect(inTransaction()).rejects.toMatchObject(unknown);
    await expect(sql`delete from notes`.execute(library)).rejects.toMatchObject(unknown);
    expect(await noted()).toEqual(['before']);
    expect(await library.selectFrom('notes').selectAll().execute()).toEqual([{ text: 'before' }]);
    expect(failures).toMatchObject([unknown]);
  },
);

test('closing waits for an open transaction, and what comes later fails without a word about the disk', async () => {
  const transaction = openTransaction('in time');
  await transaction.isOpen;
  const closing = executor.close();
  await setImmediate();
  transaction.commit();
  await transaction.done;
  await closing;
  await expect(noteByLibrary('late')).rejects.toThrow('not open');
  expect(failures).toEqual([]);
  database = connect(join(directory, 'any.db'));
  executor = new SqliteExecutor(database);
  expect(await noted()).toEqual(['in time']);
});
