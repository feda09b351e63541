import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { AUTHOR, sampleKey } from '../../../test/contract/key-store/samples.ts';
import { startStoreProcess } from '../../../test/contract/key-store/store-process.ts';
import { seededRandom } from '../../../test/seeded-random.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const PAGE = 4_096;

let parent: string;
let directory: string;
let database: string;
let log: string;

/** Two directories to damage copies of: one of a server that was stopped, one of a server that was killed. */
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'outkit-damage-'));
  const store = await openSqliteStore({ directory: join(parent, 'stopped') });
  await withProfiles({ store });
  for (let number = 0; number < 100; number++) await store.insertKey(sampleKey(number), AUTHOR);
  await store.close();
  cpSync(join(parent, 'stopped'), join(parent, 'killed'), { recursive: true });
  const script =
    'const store = await openSqliteStore({ directory }); await store.persistTime(9e6); console.log("written");';
  const server = startStoreProcess(join(parent, 'killed'), `${script} process.stdin.resume();`);
  await server.printed(1);
  await server.kill();
});
afterAll(() => rmSync(parent, { recursive: true }));

beforeEach(() => {
  directory = join(parent, 'copy');
  database = join(directory, 'outkit.db');
  log = `${database}-wal`;
});
afterEach(() => rmSync(directory, { recursive: true }));

function copyOf(which: 'stopped' | 'killed'): void {
  cpSync(join(parent, which), directory, { recursive: true });
  chmodSync(directory, 0o700);
}

/** What the database and its log hold; a log may be made, but stays empty. */
function contents(): string[] {
  return [database, log, `${database}.new`].map((path) => (existsSync(path) ? readFileSync(path, 'latin1') : ''));
}

async function expectRefused(): Promise<void> {
  const before = contents();
  for (let attempt = 0; attempt < 2; attempt++) {
    const error: unknown = await openSqliteStore({ directory }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'data_directory', hint: expect.stringContaining('restore a backup') });
    expect((error as Error).message).toMatch(new RegExp(`^The database ${database} is damaged: .+\\.$`));
  }
  expect(contents()).toEqual(before);
}

function withByteAt(offset: number, change: (byte: number) => number): void {
  const bytes = readFileSync(database);
  bytes.writeUInt8(change(bytes.readUInt8(offset)), offset);
  writeFileSync(database, bytes);
}

test.each([
  ['the name of the format', 3],
  ['the page size', 16],
  ['the version of the format', 19],
  ['the schema', 'CREATE TABLE keys'],
  ['the kind of the first page', 100],
  ['the kind of the second page', PAGE],
  ['the kind of a later page', 7 * PAGE],
])('a flipped bit is refused and stays: %s', async (_where, place) => {
  copyOf('stopped');
  // The last one: what outgrew its page may have left a copy there.
  const offset = typeof place === 'number' ? place : readFileSync(database).lastIndexOf(place);
  withByteAt(offset, (byte) => byte ^ 0x40);
  await expectRefused();
});

test('a database that SQLite would only read is refused, before a revoke finds out', async () => {
  copyOf('stopped');
  withByteAt(18, (byte) => byte ^ 0x40);
  const before = contents();
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({
    code: 'data_directory',
    message: `The data directory ${directory} cannot be used: attempt to write a readonly database.`,
  });
  expect(contents()).toEqual(before);
});

test.each([1, 99, PAGE, PAGE + 1, 5 * PAGE])('a database cut to %i bytes is refused and stays', async (size) => {
  copyOf('stopped');
  writeFileSync(database, readFileSync(database).subarray(0, size));
  await expectRefused();
});

test('an empty database is refused, not taken for a new one', async () => {
  copyOf('stopped');
  writeFileSync(database, '');
  await expectRefused();
});

test('an empty database beside its log is refused, and the log is kept', async () => {
  copyOf('killed');
  writeFileSync(database, '');
  expect(statSync(log).size).toBeGreaterThan(0);
  await expectRefused();
});

test('a log whose database is missing is refused and kept', async () => {
  copyOf('killed');
  rmSync(database);
  await expectRefused();
});

test('a damaged database does not take in its log', async () => {
  copyOf('killed');
  withByteAt(7 * PAGE, (byte) => byte ^ 0x40);
  await expectRefused();
});

test.each(['all of it', 'a part'])('random bytes are refused and stay: %s', async (which) => {
  copyOf('stopped');
  const bytes = readFileSync(database);
  const random = Buffer.from(seededRandom(7)(new Uint8Array(which === 'a part' ? 3 * PAGE : bytes.length)));
  bytes.set(random, bytes.length - random.length);
  writeFileSync(database, bytes);
  await expectRefused();
});

test('a database of somebody else is refused and stays', async () => {
  copyOf('stopped');
  rmSync(database);
  const other = new DatabaseSync(database);
  other.exec('create table keys (id text)');
  other.close();
  await expectRefused();
});

test('whichever bit flips, opening ends in a store or in one plain refusal that leaves the file alone', async () => {
  const random = seededRandom(20_261);
  for (let round = 0; round < 40; round++) {
    copyOf('stopped');
    const place = Buffer.from(random(new Uint8Array(4))).readUInt32LE() % (statSync(database).size * 8);
    withByteAt(Math.floor(place / 8), (byte) => byte ^ (1 << (place % 8)));
    const before = contents();
    const opened = await openSqliteStore({ directory }).catch((reason: unknown) => reason);
    if (opened instanceof Error) {
      expect(opened).toMatchObject({ code: 'data_directory' });
      expect(contents()).toEqual(before);
    } else {
      await (opened as Awaited<ReturnType<typeof openSqliteStore>>).close();
    }
    rmSync(directory, { recursive: true });
  }
  copyOf('stopped');
});

test('a whole database of a killed server is opened, with what its log holds', async () => {
  copyOf('killed');
  const store = await openSqliteStore({ directory });
  expect(await store.greatestTime()).toBe(9e6);
  expect(await store.allKeys('', 1_000)).toHaveLength(100);
  await store.close();
});
