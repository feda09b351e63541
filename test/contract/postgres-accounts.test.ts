import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAuth } from '../../src/accounts/auth.ts';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import type { WithAccountsDatabase } from '../../src/storage/accounts-database.ts';
import { openPostgresStore } from '../../src/storage/postgres/open-postgres-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { seededRandom } from '../seeded-random.ts';
import { withProfiles } from './key-store/opened-store.ts';
import { AUTHOR, revoked, sampleKey, TEAM } from './key-store/samples.ts';

const AT = Date.parse('2026-11-25T09:00:00Z');
const ORIGIN = { ip: '192.0.2.7', agent: 'Firefox 145' };
const PASSWORD = 'correct horse battery';

const database = new PostgresDatabase();
let store: Store & WithAccountsDatabase;
beforeEach(async () => {
  await database.drop();
  await database.create();
  store = await openPostgresStore(database.url);
});
afterEach(() => store?.close());

const parts = (seed: number) => ({
  database: store.accountsDatabase,
  secret: 'a secret that signs nothing which leaves, with seed 7',
  baseUrl: 'https://outkit.example',
  clock: { now: () => AT },
  fillRandom: seededRandom(seed),
  onProblem: () => {},
});

test('servers that start at once on an empty database make the tables of accounts once, and each works', async () => {
  const servers = await Promise.all(Array.from({ length: 6 }, (_, seed) => createAccounts(parts(seed))));
  const people = await Promise.all(
    servers.map((accounts, number) =>
      accounts.createPerson({ email: `p${number}@example.com`, name: 'P', password: null }),
    ),
  );
  expect(people.every((person) => person !== null)).toBe(true);
  const ids = people.map((person) => person?.id ?? '');
  expect(await servers[0]?.findPeople(ids)).toHaveLength(6);
});

test('people, passwords, sessions and devices are kept', async () => {
  const accounts = await createAccounts(parts(1));
  const person = await accounts.createPerson({ email: 'ada@example.com', name: 'Ada', password: PASSWORD });
  if (person === null) throw new Error('the address is taken');
  expect(await accounts.checkPassword('ada@example.com', PASSWORD)).toEqual(person);
  const { session, credential } = await accounts.startSession(person.id, ORIGIN);
  expect(await accounts.findSession(credential)).toEqual({ session, person });
  const device = await accounts.devices.request(ORIGIN);
  expect(await accounts.devices.answer(device.userCode, session, true)).toBe('answered');
  expect(await accounts.devices.redeem(device.deviceCode)).toEqual({ kind: 'approved', person });
  expect(await accounts.endSession(person.id, session.id)).toBe(true);
  expect(await accounts.findSession(credential)).toBeNull();
});

test('of two people with one address that are made at once by two servers, one is made', async () => {
  const [one, two] = [await createAccounts(parts(1)), await createAccounts(parts(2))];
  const person = { email: 'ada@example.com', name: 'Ada', password: null };
  const made = await Promise.all([one.createPerson(person), two.createPerson(person)]);
  expect(made.filter((each) => each === null)).toHaveLength(1);
});

test('a key that is revoked while a transaction of accounts is open, and rolled back later, stays revoked', async () => {
  await withProfiles({ store });
  await store.insertKey(sampleKey(1), AUTHOR);
  const { adapter } = await (await openAuth(parts(1), new AsyncLocalStorage())).$context;
  const given = adapter.transaction(async (transaction) => {
    await transaction.create({ model: 'user', data: { email: 'eve@example.com', name: 'Eve' } });
    await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(key), result: null }));
    throw new Error('given up');
  });
  await expect(given).rejects.toThrow('given up');
  expect((await store.findKey(TEAM.id, 'key_0001'))?.revokedAt).toBe(2_000);
  expect(await adapter.findOne({ model: 'user', where: [{ field: 'email', value: 'eve@example.com' }] })).toBeNull();
});

test.for([
  ['auth_user', ['email']],
  ['auth_account', ['providerId', 'accountId']],
  ['auth_session', ['token']],
  ['auth_device_code', ['deviceCode']],
  ['auth_device_code', ['userCode']],
] as const)('the database itself refuses a second row of %s with the same %j', async ([table, columns]) => {
  await createAccounts(parts(1));
  const indexes = await database.query<{ indexdef: string }>(
    `select indexdef from pg_indexes where tablename = '${table}' and indexdef like 'CREATE UNIQUE INDEX%'`,
  );
  const written = `(${columns.map((column) => (column === column.toLowerCase() ? column : `"${column}"`)).join(', ')})`;
  expect(indexes.map(({ indexdef }) => indexdef.slice(indexdef.indexOf('(')))).toContain(written);
});
