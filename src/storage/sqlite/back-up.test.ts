import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { AUTHOR, PROFILE, sampleKey, TEAM } from '../../../test/contract/key-store/samples.ts';
import { type StoreProcess, startStoreProcess } from '../../../test/contract/key-store/store-process.ts';
import type { KeyStore } from '../../core/key-store.ts';
import { NEWEST_VERSION } from '../sql/migrations.ts';
import { backUp } from './back-up.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

let parent: string;
let directory: string;
let file: string;
let server: StoreProcess | null;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'outkit-backup-'));
  directory = join(parent, 'data');
  file = join(parent, 'backup.db');
  server = null;
});
afterEach(async () => {
  await server?.kill();
  rmSync(parent, { recursive: true });
});

const onCopying = () => {};

async function filled(keys: number): Promise<KeyStore> {
  const store = await openSqliteStore({ directory });
  await withProfiles({ store });
  for (let number = 0; number < keys; number++) await store.insertKey(sampleKey(number), AUTHOR);
  return store;
}

test('a backup of a store that is open says what is in it, is 0600, and has nothing beside it', async () => {
  const store = await filled(20);
  await store.persistTime(5_000_000);
  const backup = await backUp({ directory, file, onCopying });
  const bytes = readFileSync(file);
  expect(backup).toEqual({
    version: NEWEST_VERSION,
    keys: 20,
    position: 23,
    time: 5_000_000,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(parent).sort()).toEqual(['backup.db', 'data']);
  // The store goes on as if nothing had happened, and is still locked by its server.
  await store.insertKey(sampleKey(20), AUTHOR);
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: 'data_directory' });
  await store.close();
});

test('a backup needs no server, and leaves the directory to the next one', async () => {
  await (await filled(3)).close();
  expect(await backUp({ directory, file, onCopying })).toMatchObject({ keys: 3 });
  const store = await openSqliteStore({ directory });
  expect(await store.allKeys('', 10)).toHaveLength(3);
  await store.close();
});

test('a backup holds what a server that was killed had acknowledged', async () => {
  await (await filled(1)).close();
  server = startStoreProcess(
    directory,
    'const store = await openSqliteStore({ directory }); await store.persistTime(9e6); console.log("written"); process.stdin.resume();',
  );
  await server.printed(1);
  await server.kill();
  expect(await backUp({ directory, file, onCopying })).toMatchObject({ keys: 1, time: 9_000_000 });
});

test('backups while another process writes are of one moment each: a revoke is there with its place in the log, or not', async () => {
  await (await filled(0)).close();
  server = startStoreProcess(
    directory,
    `const store = await openSqliteStore({ directory });
    const key = ${JSON.stringify(sampleKey(1))};
    for (let number = 0; ; number++) {
      const id = 'key_' + number;
      await store.insertKey({ ...key, id, secrets: [{ ...key.secrets[0], hash: number.toString(16).padStart(64, '0') }] }, ${JSON.stringify(AUTHOR)});
      await store.change('${TEAM.id}', id, ${JSON.stringify(AUTHOR)}, (found) => ({ key: { ...found, revokedAt: 7, revokedBy: 'ada', version: 2 }, result: 1 }));
      if (number % 10 === 0) console.log(number);
    }`,
  );
  for (let round = 0; round < 5; round++) {
    await server.printed((round + 1) * 5);
    const acknowledged = Number(server.lines.at(-1));
    const target = `${file}-${round}`;
    const { keys, position } = await backUp({ directory, file: target, onCopying });
    expect(keys).toBeGreaterThan(acknowledged);
    const database = new DatabaseSync(target, { readOnly: true });
    const revoked = Number(
      database.prepare('select count(*) as n from keys where revoked_at is not null').get()?.['n'],
    );
    const log = Number(database.prepare('select count(*) as n from changes').get()?.['n']);
    database.close();
    // Three profiles, each key once, each revoke once.
    expect([position, log]).toEqual([3 + keys + revoked, 3 + keys + revoked]);
    expect(keys - revoked).toBeLessThanOrEqual(1);
  }
});

test('a file that is there stays as it is', async () => {
  await (await filled(1)).close();
  writeFileSync(file, 'mine');
  await expect(backUp({ directory, file, onCopying })).rejects.toMatchObject({
    code: 'backup_file',
    message: `${file} is there already, and a backup replaces nothing.`,
  });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readdirSync(parent).sort()).toEqual(['backup.db', 'data']);
});

test('a backup does not go into the data directory, where its name could be that of a log', async () => {
  await (await filled(1)).close();
  for (const name of ['outkit.db-wal', 'backup.db']) {
    await expect(backUp({ directory, file: join(directory, name), onCopying })).rejects.toMatchObject({
      code: 'backup_file',
      message: expect.stringContaining('is in the data directory'),
    });
  }
  expect(existsSync(join(directory, 'backup.db'))).toBe(false);
});

test('what a killed backup left behind is replaced', async () => {
  await (await filled(1)).close();
  writeFileSync(`${file}.partial`, 'half', { mode: 0o644 });
  await backUp({ directory, file, onCopying });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.partial`)).toBe(false);
});

test('a directory without a database, and a damaged one, make no backup', async () => {
  await expect(backUp({ directory, file, onCopying })).rejects.toMatchObject({ code: 'data_directory' });
  expect(existsSync(directory)).toBe(false);
  await (await filled(100)).close();
  const database = join(directory, 'outkit.db');
  const bytes = readFileSync(database);
  writeFileSync(database, bytes.subarray(0, bytes.length / 2));
  await expect(backUp({ directory, file, onCopying })).rejects.toMatchObject({
    code: 'data_directory',
    message: expect.stringContaining('is damaged'),
  });
  expect(readdirSync(parent)).toEqual(['data']);
});

test('a place that cannot be written is named', async () => {
  await (await filled(1)).close();
  const nowhere = join(parent, 'missing', 'backup.db');
  await expect(backUp({ directory, file: nowhere, onCopying })).rejects.toMatchObject({
    code: 'backup_file',
    message: expect.stringMatching(/^The backup .*missing\/backup\.db cannot be written: ENOENT/),
  });
});

test('a profile is in the backup with its design', async () => {
  await (await filled(1)).close();
  await backUp({ directory, file, onCopying });
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare('select design from profiles where id = ?').get(PROFILE.id);
  database.close();
  expect(JSON.parse(String(row?.['design']))).toEqual(PROFILE.design);
});
