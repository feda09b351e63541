import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keyHeader, ServerForTests } from './server-for-tests.ts';

const REQUESTS = 100;
/** What a batch of counts and events touches, and nothing of it is a key. */
const COUNTING =
  /\b(usage|key_last_used|event_segments|segment_keys|segment_profiles|event_log|usage_journals|change_clock)\b/;
const TRANSACTION = /^(begin|commit|rollback)/i;

const http = new ServerForTests();
let statements: string[];
beforeEach(() => {
  statements = [];
  for (const method of ['all', 'get', 'run', 'iterate'] as const) {
    const original = StatementSync.prototype[method] as (...values: unknown[]) => never;
    vi.spyOn(StatementSync.prototype, method).mockImplementation(function (this: StatementSync, ...values: unknown[]) {
      statements.push(this.sourceSQL);
      return original.apply(this, values);
    });
  }
  const exec = DatabaseSync.prototype.exec;
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql: string) {
    statements.push(sql);
    return exec.call(this, sql);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function statusesOf(keys: readonly string[]): Promise<readonly number[]> {
  const answers = await Promise.all(keys.map((key) => http.enhance([keyHeader(key)], { content: 'Hi' })));
  return [...new Set(answers.map(({ status }) => status))];
}

const times = <Value>(make: () => Value) => Array.from({ length: REQUESTS }, make);

it('an accepted request reads nothing from the database, and nothing but the batch that counts it is written', async () => {
  const { id, plaintext } = await http.createKey();
  expect(statements.some((sql) => /insert into "keys"/.test(sql))).toBe(true);
  statements = [];
  expect(await statusesOf(times(() => plaintext))).toEqual([200]);
  expect(statements.filter((sql) => !TRANSACTION.test(sql) && !COUNTING.test(sql))).toEqual([]);
  expect(await http.server.keys.stats(id, 3_600_000)).toMatchObject({ served: REQUESTS });
});

it('a key that is missing, malformed or unknown reads and writes nothing at all', async () => {
  const { id } = await http.createKey();
  // So that nothing of earlier requests is waiting to be stored.
  await http.server.keys.stats(id, 3_600_000);
  statements = [];
  expect(await statusesOf(times(() => 'okd_malformed'))).toEqual([401]);
  expect(await statusesOf(times(() => http.mint()))).toEqual([401]);
  expect((await http.enhance([], { content: 'Hi' })).status).toBe(401);
  expect(statements).toEqual([]);
});
