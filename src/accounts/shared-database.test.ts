import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aKey, aProfile, NOON } from '../../test/key-builder.ts';
import type { AuditAuthor } from '../core/audit.ts';
import { revoke } from '../core/rotation.ts';
import { ORIGIN, PASSWORD, useAccounts } from './accounts.fixture.ts';
import { type Auth, openAuth } from './auth.ts';

const t = useAccounts();
const AUTHOR: AuditAuthor = { actor: 'local', session: null, client: null, ip: null, at: NOON };
const KEY = aKey();

let auth: Auth;
beforeEach(async () => {
  await t.store.insertTeam({ id: KEY.teamId, name: 'Aye-aye', createdAt: NOON });
  await t.store.insertProfile(aProfile(), AUTHOR);
  await t.store.insertKey(KEY, AUTHOR);
  auth = await openAuth(t.parts(2), new AsyncLocalStorage());
});

afterEach(() => void vi.unstubAllEnvs());

const revokeKey = () =>
  t.store.change(KEY.teamId, KEY.id, AUTHOR, (key) => {
    const decision = revoke(key, 'local', null, NOON);
    return { key: decision.kind === 'changed' ? decision.key : null, result: null };
  });

/** A transaction of better-auth that has made a person and waits. */
async function openTransaction() {
  const { promise: end, resolve: commit, reject: rollBack } = Promise.withResolvers<void>();
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const { adapter } = await auth.$context;
  const done = adapter.transaction(async (transaction) => {
    await transaction.create({ model: 'user', data: { email: 'eve@example.com', name: 'Eve' } });
    opened();
    await end;
  });
  await isOpen;
  return { done, commit, rollBack };
}

test('a key that is revoked while a transaction of accounts is open, and rolled back later, stays revoked', async () => {
  const transaction = await openTransaction();
  const revoked = revokeKey();
  await setImmediate();
  const failure = new Error('no');
  transaction.rollBack(failure);
  await expect(transaction.done).rejects.toBe(failure);
  await revoked;
  expect((await t.store.findKey(KEY.teamId, KEY.id))?.revokedAt).toBe(NOON);
  expect(await t.accounts.findPersonByEmail('eve@example.com')).toBeNull();
});

test('a person who is made while a change of a key is given up stays', async () => {
  const failure = new Error('no');
  const given = t.store.change(KEY.teamId, KEY.id, AUTHOR, () => {
    throw failure;
  });
  const person = t.addPerson('eve@example.com', null);
  await expect(given).rejects.toBe(failure);
  expect(await t.accounts.findPersonByEmail('eve@example.com')).toEqual(await person);
});

test('accounts and keys that change at once all get done', async () => {
  const emails = Array.from({ length: 12 }, (_, number) => `p${number}@example.com`);
  const lives = emails.map(async (email) => {
    const person = await t.addPerson(email);
    const { session } = await t.accounts.startSession(person.id, ORIGIN);
    return t.accounts.endSession(person.id, session.id);
  });
  const times = emails.map((_, number) => t.store.persistTime(NOON + number));
  await Promise.all([...lives, ...times, revokeKey()]);
  expect(await Promise.all(lives)).toEqual(emails.map(() => true));
});

test('a second start finds the tables as they are to be, and changes nothing', async () => {
  const person = await t.addPerson();
  const shape = () => {
    const database = new DatabaseSync(`${t.directory}/outkit.db`, { readOnly: true });
    const schema = database
      .prepare("select type, name, sql from sqlite_schema where tbl_name like 'auth!_%' escape '!'")
      .all();
    const version = database.prepare('pragma schema_version').get();
    database.close();
    return { schema, version };
  };
  const before = shape();
  expect(before.schema.length).toBeGreaterThan(5);
  await t.close();
  await t.open(3);
  expect(shape()).toEqual(before);
  expect(await t.accounts.checkPassword(person.email, PASSWORD)).toEqual(person);
  expect(t.problems).toEqual([]);
});

test('what the environment has for another program that uses better-auth changes nothing', async () => {
  await t.close();
  vi.stubEnv('BETTER_AUTH_SECRETS', 'of another program');
  vi.stubEnv('BETTER_AUTH_URL', 'no address');
  await t.open(3);
  expect(await t.addPerson()).toMatchObject({ email: 'ada@example.com' });
  expect(t.problems).toEqual([]);
});

test('tables that cannot all be made are not made in part', async () => {
  await t.close();
  const database = new DatabaseSync(`${t.directory}/outkit.db`);
  for (const table of ['device_code', 'verification', 'account', 'session', 'user'])
    database.exec(`drop table auth_${table}`);
  // Takes the name of an index, which is made last.
  database.exec('create table "auth_device_code_userCode_uidx" (text)');
  await expect(t.open(3)).rejects.toThrow('already a table');
  expect(database.prepare("select name from sqlite_schema where tbl_name like 'auth%'").all()).toEqual([
    { name: 'auth_device_code_userCode_uidx' },
  ]);
  database.close();
});

test.for([
  ['auth_user', ['email']],
  ['auth_account', ['providerId', 'accountId']],
  ['auth_session', ['token']],
  ['auth_device_code', ['deviceCode']],
  ['auth_device_code', ['userCode']],
] as const)('the database itself refuses a second row of %s with the same %j', ([table, columns]) => {
  const database = new DatabaseSync(`${t.directory}/outkit.db`, { readOnly: true });
  const indexes = database.prepare('select name from pragma_index_list(?) where "unique" and not partial').all(table);
  const unique = indexes.map(({ name }) =>
    database
      .prepare('select name from pragma_index_info(?) order by seqno')
      .all(String(name))
      .map((row) => row['name']),
  );
  database.close();
  expect(unique).toContainEqual(columns);
});

test('while another program has the database, accounts say that they are unavailable, and afterwards they work', async () => {
  const database = new DatabaseSync(`${t.directory}/outkit.db`);
  database.exec('begin immediate');
  await expect(t.addPerson('eve@example.com', null)).rejects.toMatchObject({ code: 'unavailable' });
  database.exec('rollback');
  database.close();
  expect(await t.addPerson('eve@example.com', null)).toMatchObject({ email: 'eve@example.com' });
});
