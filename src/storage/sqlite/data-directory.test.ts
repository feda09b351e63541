import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { startStoreProcess } from '../../../test/contract/key-store/store-process.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'outkit-files-'));
  directory = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

function modes(): Record<string, string> {
  const names = readdirSync(directory).filter((name) => name !== '.gitignore');
  const files = names.map((name) => [name, (lstatSync(join(directory, name)).mode & 0o777).toString(8)]);
  return Object.fromEntries(files);
}

async function closedStore(): Promise<void> {
  const store = await openSqliteStore({ directory });
  await withProfiles({ store });
  await store.close();
}

test('git takes nothing of a new directory, from its first moment on', async () => {
  await closedStore();
  expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
});

test('a directory that was there gets no file of git: it may be more than ours', async () => {
  mkdirSync(directory, { mode: 0o700 });
  await closedStore();
  expect(readdirSync(directory)).not.toContain('.gitignore');
});

test.each(['000', '022'])(
  'under umask %s only the owner can read any file, while it is open and after a crash',
  async (umask) => {
    const child = startStoreProcess(
      directory,
      `process.umask(0o${umask});
    const store = await openSqliteStore({ directory });
    await store.persistTime(5);
    console.log('open');
    process.stdin.resume();`,
    );
    try {
      await child.printed(1);
      expect(lstatSync(directory).mode & 0o777).toBe(0o700);
      expect(Object.keys(modes())).toEqual(
        expect.arrayContaining(['outkit.db', 'outkit.db-wal', 'outkit.db-shm', 'outkit.pid']),
      );
      expect(new Set(Object.values(modes()))).toEqual(new Set(['600']));
    } finally {
      await child.kill();
    }
    expect(new Set(Object.values(modes()))).toEqual(new Set(['600']));
  },
);

test('files and a directory that were opened to others are closed again', async () => {
  await closedStore();
  chmodSync(directory, 0o755);
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o644);
  const store = await openSqliteStore({ directory });
  expect(lstatSync(directory).mode & 0o777).toBe(0o700);
  expect(new Set(Object.values(modes()))).toEqual(new Set(['600']));
  await store.close();
});

test('an empty directory is made private, and its parents are made', async () => {
  directory = join(parent, 'a', 'b', 'c');
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  await closedStore();
  expect(lstatSync(directory).mode & 0o777).toBe(0o700);
});

test('a directory with other files that others can read is refused and left as it is', async () => {
  mkdirSync(directory, { mode: 0o755 });
  writeFileSync(join(directory, 'index.html'), 'mine');
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({
    code: 'data_directory',
    hint: `Name an empty directory, or run: chmod 700 ${directory}`,
  });
  expect(lstatSync(directory).mode & 0o777).toBe(0o755);
  expect(readdirSync(directory)).toEqual(['index.html']);
});

test.each(['outkit.db', 'outkit.db-wal', 'outkit.lock', 'outkit.pid'])(
  'a link in place of %s is refused',
  async (name) => {
    await closedStore();
    const path = join(directory, name);
    const target = join(parent, 'elsewhere');
    if (name === 'outkit.db') renameSync(path, target);
    else rmSync(path, { force: true });
    symlinkSync(target, path);
    const opening = openSqliteStore({ directory });
    await expect(opening).rejects.toMatchObject({ code: 'data_directory', message: expect.stringContaining(path) });
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  },
);

test.each(['.', 'outkit.db'])("another user's %s is refused", async (name) => {
  await closedStore();
  const own = process.geteuid?.() ?? 0;
  if (own === 0) chownSync(join(directory, name), 65_534, 65_534);
  const opening = own === 0 ? openSqliteStore({ directory }) : openSqliteStore({ directory: '/' });
  await expect(opening).rejects.toMatchObject({
    code: 'data_directory',
    message: expect.stringMatching(/belongs to another user \(uid \d+\)/),
  });
});

test('a path that is no directory, or lies below a file, is refused in one line', async () => {
  writeFileSync(directory, '');
  for (const path of [directory, join(directory, 'below')]) {
    const error = await openSqliteStore({ directory: path }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'data_directory', message: expect.stringMatching(/^.*$/) });
    expect((error as Error).message).toContain(path);
  }
});
