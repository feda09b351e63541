import { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { revoke } from '../../src/core/rotation.ts';
import { accountsDatabase } from '../../src/storage/postgres/accounts-dialect.ts';
import { openPostgresStore } from '../../src/storage/postgres/open-postgres-store.ts';
import { postgresDialect } from '../../src/storage/postgres/postgres-dialect.ts';
import { PostgresExecutor } from '../../src/storage/postgres/postgres-executor.ts';
import { openPool } from '../../src/storage/postgres/postgres-pool.ts';
import type { Database } from '../../src/storage/sql/schema.ts';
import { SqlKeyStore } from '../../src/storage/sql/sql-key-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { isStatement, relayToDatabase } from '../postgres-relay.ts';
import type { Interruption } from '../tcp-proxy.ts';
import { withProfiles } from './key-store/opened-store.ts';
import { AUTHOR, sampleKey, TEAM } from './key-store/samples.ts';

const NOW = 5_000;
const KEY = sampleKey(1);
const NOTHING_CHANGED = { code: 'unavailable', message: 'The database could not be used, and nothing was changed.' };
const UNKNOWN = {
  code: 'unavailable',
  message: 'The database did not confirm the change: it may have been made or not.',
};

const database = new PostgresDatabase();
let direct: Store;
beforeEach(async () => {
  direct = (await database.open()).store;
  await withProfiles({ store: direct });
  await direct.insertKey(KEY, AUTHOR);
});
afterEach(() => direct?.close());

const isCommit = (chunk: Buffer) => isStatement(chunk, 'commit');
const isCommitted = (chunk: Buffer) => chunk.includes('COMMIT\0');

/** A store whose connections are interrupted, and the database of accounts on the same connections. */
async function interrupted(interruption: Interruption) {
  const url = await relayToDatabase(database.url, {
    beforeSent: (chunk) => isOn && interruption.beforeSent?.(chunk) === true,
    beforeAnswer: (chunk) => isOn && interruption.beforeAnswer?.(chunk) === true,
    beforeHeard: (chunk) => isOn && interruption.beforeHeard?.(chunk) === true,
    silence: (chunk) => isOn && interruption.silence?.(chunk) === true,
  });
  const limits = { connections: 2, statementMs: 500, lockMs: 300 };
  const pool = openPool(url, limits);
  const store: Store = new SqlKeyStore(new PostgresExecutor(pool), postgresDialect);
  let isOn = true;
  return {
    store,
    accounts: new Kysely<Database>({ dialect: accountsDatabase(pool).dialect }),
    mend: () => {
      isOn = false;
    },
  };
}

function revokeKey(store: Store) {
  return store.change(TEAM.id, KEY.id, AUTHOR, (key) => {
    const decision = revoke(key, 'ada', null, NOW);
    return { key: decision.kind === 'changed' ? decision.key : null, result: decision.kind };
  });
}

const revokedAt = async () => (await direct.findKey(TEAM.id, KEY.id))?.revokedAt;

test('a commit whose answer is cut off is told as unknown, and trying again finds it done', async () => {
  const { store, mend } = await interrupted({ beforeHeard: isCommitted });
  await expect(revokeKey(store)).rejects.toMatchObject(UNKNOWN);
  expect(await revokedAt()).toBe(NOW);
  mend();
  expect(await revokeKey(store)).toEqual({ kind: 'decided', result: 'already_revoked' });
  await store.close();
});

test('a commit that is cut off on its way is told as unknown, and trying again does it', async () => {
  const { store, mend } = await interrupted({ beforeSent: isCommit });
  await expect(revokeKey(store)).rejects.toMatchObject(UNKNOWN);
  expect(await revokedAt()).toBeNull();
  mend();
  expect(await revokeKey(store)).toEqual({ kind: 'decided', result: 'changed' });
  expect(await revokedAt()).toBe(NOW);
  await store.close();
});

test('a commit that nobody answers is given up as unknown', async () => {
  const { store } = await interrupted({ silence: isCommit });
  await expect(revokeKey(store)).rejects.toMatchObject(UNKNOWN);
  expect(await revokedAt()).toBeNull();
  await store.close();
});

test('what accounts write is told as unknown in the same way, in a transaction and in a statement of its own', async () => {
  const { store, accounts } = await interrupted({ beforeHeard: isCommitted });
  const rename = (db: Pick<typeof accounts, 'updateTable'>, name: string) =>
    db.updateTable('teams').set({ name }).where('id', '=', TEAM.id).execute();
  await expect(rename(accounts, 'Bongo')).rejects.toMatchObject(UNKNOWN);
  expect((await direct.listTeams())[0]?.name).toBe('Bongo');
  const given = accounts.transaction().execute((transaction) => rename(transaction, 'Civet'));
  await expect(given).rejects.toMatchObject(UNKNOWN);
  expect((await direct.listTeams())[0]?.name).toBe('Civet');
  await store.close();
});

test.each([
  ['the begin of the transaction', (chunk: Buffer) => chunk.toString().includes('begin isolation')],
  ['the statements that hold and read', (chunk: Buffer) => chunk.toString().includes('for no key update')],
])('a connection that breaks at %s has changed nothing, and says so', async (_where, at) => {
  for (const interruption of [{ beforeSent: at }, { beforeAnswer: at }]) {
    const { store, mend } = await interrupted(interruption);
    await expect(revokeKey(store)).rejects.toMatchObject(NOTHING_CHANGED);
    expect(await revokedAt()).toBeNull();
    mend();
    expect(await store.findKey(TEAM.id, KEY.id)).toEqual(KEY);
    await store.close();
  }
});

test('a change is two packets: what holds and reads the key goes with the begin, what is written with the commit', async () => {
  const sent: string[] = [];
  const { store } = await interrupted({
    beforeSent: (chunk) => {
      sent.push(chunk.toString('latin1'));
      return false;
    },
  });
  await store.findKey(TEAM.id, KEY.id);
  sent.length = 0;
  expect(await revokeKey(store)).toEqual({ kind: 'decided', result: 'changed' });
  const [first, last] = sent;
  expect(sent).toHaveLength(2);
  for (const text of ['begin isolation', '"keys"', '"change_clock"', '"key_secrets"']) expect(first).toContain(text);
  for (const text of ['update "keys"', 'update "change_clock"', 'into "changes"', 'into "audit"']) {
    expect(last).toContain(text);
  }
  expect(isCommit(Buffer.from(last ?? '', 'latin1'))).toBe(true);
  await store.close();
});

const isWriting = (chunk: Buffer) => chunk.includes('update "keys"');

test.each([
  ['before it is sent', { beforeSent: isWriting }],
  ['before it is answered', { beforeAnswer: isWriting }],
  ['to a server that is silent', { silence: isWriting }],
])(
  'a connection that breaks at the statements that write, with which the commit goes, %s, leaves the outcome unknown, and trying again does it or finds it done',
  async (_where, interruption) => {
    const { store, mend } = await interrupted(interruption);
    await expect(revokeKey(store)).rejects.toMatchObject(UNKNOWN);
    mend();
    expect(await revokeKey(store)).toMatchObject({ kind: 'decided' });
    expect(await revokedAt()).toBe(NOW);
    await store.close();
  },
);

test('what fails on its way to the commit has changed nothing, and says what it was', async () => {
  const store = await openPostgresStore(database.url);
  await database.query('alter table audit add constraint none check (seq < 0) not valid');
  const error = await revokeKey(store).catch((thrown: Error) => thrown);
  expect(String(error)).toBe('Error: the database refused a statement: 23514 none');
  expect(await revokedAt()).toBeNull();
  await database.query('alter table audit drop constraint none');
  expect(await revokeKey(store)).toEqual({ kind: 'decided', result: 'changed' });
  await store.close();
});

test('a server that ends all connections costs what is under way, and no more', async () => {
  const store = await openPostgresStore(database.url);
  await store.findKey(TEAM.id, KEY.id);
  const outcome = store.change(TEAM.id, KEY.id, AUTHOR, () => ({ key: null, result: null }));
  await outcome;
  await database.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  // The end of a connection that nobody uses is noticed by itself.
  await expect.poll(() => revokeKey(store).catch(() => null)).toEqual({ kind: 'decided', result: 'changed' });
  await store.close();
});

test('no error says where the database is, or what it said', async () => {
  const { store } = await interrupted({ beforeHeard: isCommitted });
  const error = await revokeKey(store).catch((thrown: Error) => thrown);
  expect(`${error}${(error as { hint?: string }).hint}`).not.toMatch(/127\.0\.0\.1|5432|postgres|terminated/);
  const taken = await direct.insertKey(KEY, AUTHOR).catch((thrown: Error) => thrown);
  expect(String(taken)).toBe('Error: the database refused a statement: 23505 keys_pkey');
  await store.close();
});
