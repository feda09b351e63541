import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleEvent } from '../../../test/contract/event-store/samples.ts';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { AUTHOR, lastUse, sampleKey, usageRow } from '../../../test/contract/key-store/samples.ts';
import { PostgresDatabase } from '../../../test/postgres-database.ts';
import { HOUR_MS } from '../../core/clock.ts';
import type { UsageBatch } from '../../core/usage.ts';
import type { Executor, Script } from '../sql/script.ts';
import { SqlKeyStore } from '../sql/sql-key-store.ts';
import type { Store } from '../store.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { PostgresExecutor } from './postgres-executor.ts';
import { openPool, SERVING } from './postgres-pool.ts';

const KEYS = Array.from({ length: 20 }, (_, number) => sampleKey(number));

const database = new PostgresDatabase();
let store: Store;
let texts: string[];
/** How many of them were waited for. */
let asked: number;
beforeEach(async () => {
  const opened = await database.open();
  await withProfiles(opened);
  for (const key of KEYS) await opened.store.insertKey(key, AUTHOR);
  await opened.cleanup();
  const executor = new PostgresExecutor(openPool(database.url, SERVING));
  const counting: Executor = {
    read: (script) => executor.read(script),
    lookUp: (script) => executor.lookUp(script),
    write: (script) => executor.write(noted(script)),
    close: () => executor.close(),
  };
  store = new SqlKeyStore(counting, postgresDialect);
});
afterEach(() => store?.close());

function* noted<Result>(script: Script<Result>): Script<Result> {
  let step = script.next();
  while (step.done !== true) {
    texts.push(step.value.sql);
    if (step.value.isTold !== true) asked += 1;
    step = script.next(yield step.value);
  }
  return step.value;
}

async function textsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  texts = [];
  asked = 0;
  await work();
  return texts;
}

/** Of so many keys, each with two hours. */
function batch(keys: number, position: number): UsageBatch {
  const some = KEYS.slice(0, keys);
  return {
    rows: some.flatMap(({ id }) =>
      [1, 2].map((hour) => usageRow(id, { hour: hour * HOUR_MS, served: 1, durations: new Map([[hour, 1]]) })),
    ),
    lastUses: some.map(({ id }) => lastUse(id)),
    events: some.flatMap(({ id }, index) => [1, 2, 3].map((copy) => sampleEvent(3 * index + copy, { keyId: id }))),
    journal: { epoch: 'e', position },
    at: null,
  };
}

test('a batch of any size is written by the same few statements, and waits for three of them', async () => {
  const ofOne = await textsOf(() => store.recordUsage(batch(1, 1)));
  const ofMany = await textsOf(() => store.recordUsage(batch(20, 2)));
  expect(ofMany).toEqual(ofOne);
  expect(ofMany).toHaveLength(10);
  expect(asked).toBe(3);
  expect(await store.newestEventSeq()).toBe(63);
  expect((await store.usageOfKeys([KEYS[0]?.id ?? '', KEYS[19]?.id ?? ''], 0)).map(({ served }) => served)).toEqual(
    expect.arrayContaining([2, 2, 1, 1]),
  );
});

test('hours are added up to days by the same few statements, however many they are', async () => {
  await store.recordUsage(batch(20, 1));
  const ofTwo = await textsOf(() => store.rollUpUsage(9 * HOUR_MS, 2));
  const ofMany = await textsOf(() => store.rollUpUsage(9 * HOUR_MS, 1_000));
  expect(ofMany).toEqual(ofTwo);
  expect(ofMany).toHaveLength(4);
  expect(await store.usageOf(KEYS[19]?.id ?? '', 0)).toEqual([
    usageRow(KEYS[19]?.id ?? '', {
      served: 2,
      durations: new Map([
        [1, 1],
        [2, 1],
      ]),
    }),
  ]);
});
