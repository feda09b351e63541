import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PostgresDatabase } from '../../../test/postgres-database.ts';
import type { Script } from '../sql/script.ts';
import { PostgresExecutor } from './postgres-executor.ts';
import { openPool } from './postgres-pool.ts';

const UNAVAILABLE = { code: 'unavailable', message: 'The database could not be used, and nothing was changed.' };

const database = new PostgresDatabase();
let executor: PostgresExecutor;
beforeEach(async () => {
  await database.query('drop table if exists counts; create table counts (id text collate "C" primary key, n bigint)');
  await database.query("insert into counts values ('a', 0), ('b', 0)");
  executor = new PostgresExecutor(openPool(database.url, { connections: 4, statementMs: 2_000, lockMs: 300 }));
});
afterEach(() => executor?.close());

function* ask(sql: string, ...values: unknown[]): Script<readonly Record<string, unknown>[]> {
  return (yield CompiledQuery.raw(sql, values)) as readonly Record<string, unknown>[];
}

function* add(id: string): Script<void> {
  yield* ask('update counts set n = n + 1 where id = $1', id);
}

const count = async (id: string) => (await executor.read(ask('select n from counts where id = $1', id)))[0]?.['n'];

test('whole numbers come back as numbers, and those of more than 53 bits not at all', async () => {
  for (const number of [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    expect(await executor.read(ask('select $1::bigint as n', number))).toEqual([{ n: number }]);
  }
  await expect(executor.read(ask('select 9007199254740993::bigint as n'))).rejects.toThrow(RangeError);
  expect(await count('a')).toBe(0);
});

test('bytes come back as they went in', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(await executor.read(ask('select $1::bytea as bytes', bytes))).toEqual([{ bytes }]);
});

test('all statements of a read see one state, and those of a write what was committed before their locks', async () => {
  function* reading(meanwhile: Promise<unknown>[]): Script<unknown> {
    const [before] = yield* ask('select n from counts order by id');
    meanwhile.push(executor.write(add('a')));
    yield* ask('select pg_sleep(0.1)');
    const [after] = yield* ask('select n from counts order by id');
    return [before, after];
  }
  const writes: Promise<unknown>[] = [];
  expect(await executor.read(reading(writes))).toEqual([{ n: 0 }, { n: 0 }]);
  await Promise.all(writes);
  expect(await count('a')).toBe(1);
});

test('a read writes nothing', async () => {
  await expect(executor.read(add('a'))).rejects.toMatchObject(UNAVAILABLE);
  expect(await count('a')).toBe(0);
});

test('what a script throws comes out unchanged, and undoes what it wrote', async () => {
  const failure = new Error('no');
  function* failing(): Script<void> {
    yield* add('a');
    throw failure;
  }
  await expect(executor.write(failing())).rejects.toBe(failure);
  expect(await count('a')).toBe(0);
});

test('what is only told is in force for the next question, and its failure comes out at the next question or the commit', async () => {
  const told = (sql: string, ...values: unknown[]) => ({ ...CompiledQuery.raw(sql, values), isTold: true });
  function* telling(id: string, then: string): Script<unknown> {
    yield told('insert into counts values ($1, 7)', id);
    return yield* ask(then);
  }
  expect(await executor.write(telling('c', "select n from counts where id = 'c'"))).toEqual([{ n: 7 }]);
  const taken = 'the database refused a statement: 23505 counts_pkey';
  await expect(executor.write(telling('c', 'select 1'))).rejects.toThrow(taken);
  function* last(): Script<void> {
    yield* add('a');
    yield told('insert into counts values ($1, 7)', 'c');
  }
  await expect(executor.write(last())).rejects.toThrow(taken);
  // One that the driver cannot send, so that the server knows nothing of it.
  function* unsendable(): Script<void> {
    yield* add('a');
    yield told('select $1::text', {
      toPostgres: () => {
        throw new RangeError('no such value');
      },
    });
  }
  await expect(executor.write(unsendable())).rejects.toThrow('no such value');
  expect(await count('a')).toBe(0);
});

test('of two that wait for each other one is unavailable, and neither ran twice', async () => {
  let runs = 0;
  function* crossing(first: string, second: string): Script<void> {
    runs++;
    yield* add(first);
    yield* ask('select pg_sleep(0.1)');
    yield* add(second);
  }
  const outcomes = await Promise.allSettled([executor.write(crossing('a', 'b')), executor.write(crossing('b', 'a'))]);
  expect(runs).toBe(2);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatchObject(UNAVAILABLE);
  expect(await count('a')).toBe(2 - reasons.length);
});

test('who waits too long for a lock, or for a statement, is told that nothing was changed', async () => {
  const hasLock = Promise.withResolvers<void>();
  function* holding(): Script<void> {
    yield* add('a');
    hasLock.resolve();
    yield* ask('select pg_sleep(0.8)');
  }
  const holder = executor.write(holding());
  await hasLock.promise;
  await expect(executor.write(add('a'))).rejects.toMatchObject(UNAVAILABLE);
  await holder;
  await expect(executor.write(ask('select pg_sleep(5)'))).rejects.toMatchObject(UNAVAILABLE);
  expect(await count('a')).toBe(1);
});

test('a transaction in which nothing happens lasts 5 s at most', async () => {
  const settings = 'idle_in_transaction_session_timeout';
  expect(await executor.read(ask(`select current_setting('${settings}') as value`))).toEqual([{ value: '5s' }]);
});

test('what the role of the database says does not overrule what a commit waits for', async () => {
  await database.query(
    "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$",
  );
  expect(await executor.read(ask("select current_setting('synchronous_commit') as value"))).toEqual([{ value: 'on' }]);
});

test('a statement that was prepared before a change of the schema works again after one failure', async () => {
  await executor.close();
  executor = new PostgresExecutor(openPool(database.url, { connections: 1, statementMs: 2_000, lockMs: 300 }));
  const all = () => executor.read(ask('select * from counts where id = $1', 'a'));
  await all();
  await database.query('alter table counts add column more text');
  await expect(all()).rejects.toMatchObject(UNAVAILABLE);
  expect(await all()).toEqual([{ id: 'a', n: 0, more: null }]);
});

test('when all connections are in use, the next waits for its turn', async () => {
  await Promise.all(Array.from({ length: 50 }, () => executor.write(add('a'))));
  expect(await count('a')).toBe(50);
});
