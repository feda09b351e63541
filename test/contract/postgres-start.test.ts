import { expect, test } from 'vitest';
import { openStore } from '../../src/storage/open-store.ts';
import { openPostgresStore } from '../../src/storage/postgres/open-postgres-store.ts';
import { MIGRATIONS } from '../../src/storage/sql/migrations.ts';
import { freePort } from '../free-port.ts';
import { PostgresCluster } from '../postgres-cluster.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { relayToDatabase } from '../postgres-relay.ts';

const database = new PostgresDatabase();
const APPLIED = MIGRATIONS.map(({ version, name }) => ({ version: String(version), name }));

async function emptied(): Promise<void> {
  await database.drop();
  await database.create();
}

test('servers that start at once on an empty database migrate it once, and all of them serve', async () => {
  await emptied();
  const stores = await Promise.all(Array.from({ length: 8 }, () => openPostgresStore(database.url)));
  expect(await database.query('select version, name from migrations order by version')).toEqual(APPLIED);
  expect(await Promise.all(stores.map((store) => store.greatestTime()))).toEqual(Array(8).fill(0));
  await Promise.all(stores.map((store) => store.close()));
});

test('a start that finds the tables as they are to be changes nothing', async () => {
  await emptied();
  await (await openPostgresStore(database.url)).close();
  const shape = () =>
    database.query('select oid::text, relname from pg_class where relnamespace = 2200 order by relname');
  const before = await shape();
  await (await openStore(database.url)).close();
  expect(await shape()).toEqual(before);
});

test('a step that fails leaves an empty database empty', async () => {
  await emptied();
  await database.query('create table usage_journals (in_the_way text)');
  await expect(openPostgresStore(database.url)).rejects.toThrow('42P07');
  expect(await database.query("select tablename from pg_tables where schemaname = 'public'")).toEqual([
    { tablename: 'usage_journals' },
  ]);
});

test('a database of a newer version is refused in one line', async () => {
  await emptied();
  await (await openPostgresStore(database.url)).close();
  await database.query("insert into migrations (version, name) values (999, 'later')");
  await expect(openPostgresStore(database.url)).rejects.toMatchObject({
    code: 'data_directory',
    message: expect.stringMatching(/^A newer Outkit has written this database: it is at version 999/),
  });
});

test('a connection pooler is refused: what answers is not what greeted', async () => {
  await emptied();
  const url = await relayToDatabase(database.url, { rewrite: withOtherProcess });
  await expect(openPostgresStore(url)).rejects.toMatchObject({
    code: 'database_server',
    message:
      'A connection pooler stands before the PostgreSQL server, and what is set or locked through it belongs to nobody.',
  });
});

test('a database in another encoding is refused', async () => {
  await database.drop();
  await database.create('SQL_ASCII');
  await expect(openPostgresStore(database.url)).rejects.toMatchObject({
    code: 'database_server',
    message: 'The database is not encoded in UTF8.',
  });
});

test.each([
  [
    'a database that is not there',
    (url: URL) => {
      url.pathname = '/outkit_nowhere';
    },
    'it has no such database',
  ],
  [
    'a user who is not let in',
    (url: URL) => {
      url.username = 'nobody_here';
    },
    'it does not let this user in',
  ],
  [
    'a port where nobody listens',
    async (url: URL) => {
      url.port = String(await freePort());
    },
    'it does not answer at the address, or the connection broke',
  ],
])('%s is told without the URL', async (_what, change, reason) => {
  await emptied();
  const url = new URL(database.url);
  url.password = 'a-password';
  await change(url);
  const refused = await openPostgresStore(url.href).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'database_server',
    message: `The PostgreSQL server cannot be used: ${reason}.`,
  });
  expect(JSON.stringify(refused)).not.toContain('a-password');
});

test('the server of a standby is refused, and that of its primary is not', async (context) => {
  const primary = await PostgresCluster.start(context);
  await (await openPostgresStore(primary.url)).close();
  const standby = await primary.standby();
  await expect(openPostgresStore(standby.url)).rejects.toMatchObject({
    code: 'database_server',
    message: 'The PostgreSQL server is a standby: it lags behind, and takes no changes.',
    hint: 'Name the primary in the database URL.',
  });
});

test.for(['fsync', 'full_page_writes'])('a server with %s off is refused', async (setting, context) => {
  const cluster = await PostgresCluster.start(context, [`${setting}=off`]);
  await expect(openPostgresStore(cluster.url)).rejects.toMatchObject({
    code: 'database_server',
    message: `The PostgreSQL server has ${setting} off: after a crash a revoked key could be valid again.`,
  });
});

test('a commit that its standby has not confirmed is told as unknown, though the server calls it done', async (context) => {
  const primary = await PostgresCluster.start(context);
  const store = await openPostgresStore(primary.url);
  await store.greatestTime();
  await primary.query("alter system set synchronous_standby_names = 'nobody'");
  await primary.query('select pg_reload_conf()');
  const waiting = "select pid from pg_stat_activity where wait_event = 'SyncRep'";
  await expect
    .poll(() => primary.query('show synchronous_standby_names'))
    .toEqual([{ synchronous_standby_names: 'nobody' }]);
  const change = store.insertTeam({ id: 'team_1', name: 'Aye-aye', createdAt: 1 }).catch((error: unknown) => error);
  await expect.poll(() => primary.query(waiting)).toHaveLength(1);
  await primary.query(`select pg_cancel_backend(pid) from (${waiting}) as waiting`);
  expect(await change).toMatchObject({
    code: 'unavailable',
    message: 'The database did not confirm the change: it may have been made or not.',
  });
  await store.close();
});

/** As what a pooler says of who serves the connection. */
function withOtherProcess(chunk: Buffer): Buffer {
  const greeting = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (greeting !== -1) chunk.writeUInt32BE(1, greeting + 5);
  return chunk;
}
