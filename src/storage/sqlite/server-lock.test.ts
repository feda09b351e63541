import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withProfiles } from '../../../test/contract/key-store/opened-store.ts';
import { AUTHOR, sampleKey, TEAM } from '../../../test/contract/key-store/samples.ts';
import { type StoreProcess, startStoreProcess } from '../../../test/contract/key-store/store-process.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const HOLD = `
  await openSqliteStore({ directory });
  console.log('holding');
  process.stdin.resume();`;
const TRY = `
  await openSqliteStore({ directory }).then(
    () => console.log('opened'),
    ({ code, message, hint }) => console.log(JSON.stringify({ code, message, hint })),
  );`;

let directory: string;
let started: StoreProcess[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outkit-lock-'));
  started = [];
});
afterEach(async () => {
  for (const child of started) await child.kill();
  rmSync(directory, { recursive: true });
});

function start(script: string): StoreProcess {
  const child = startStoreProcess(directory, script);
  started.push(child);
  return child;
}

async function triedByAnother(): Promise<string | undefined> {
  const child = start(TRY);
  await child.ended();
  return child.lines[0];
}

test('a second server on the directory is refused with the process id of the first', async () => {
  const holder = start(HOLD);
  await holder.printed(1);
  expect(JSON.parse((await triedByAnother()) ?? '')).toEqual({
    code: 'data_directory',
    message: `Another server (process ${holder.pid}) is using ${directory}.`,
    hint: `Stop it (kill ${holder.pid}), or name another directory for this one.`,
  });
});

test('a refused attempt, even of the same process, leaves the lock with its holder', async () => {
  const store = await openSqliteStore({ directory });
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: 'data_directory' });
    expect(await triedByAnother()).toContain(`process ${process.pid}`);
  }
  await store.close();
  expect(await triedByAnother()).toBe('opened');
});

test('a server that was killed leaves the directory free, and all that it acknowledged', async () => {
  const store = await openSqliteStore({ directory });
  await withProfiles({ store });
  await store.close();
  const holder = start(`
    const store = await openSqliteStore({ directory });
    const key = ${JSON.stringify(sampleKey(1))};
    const author = ${JSON.stringify(AUTHOR)};
    for (let number = 0; ; number++) {
      const hash = number.toString(16).padStart(64, '0');
      const id = 'key_' + number;
      await store.insertKey({ ...key, id, secrets: [{ ...key.secrets[0], hash }] }, author);
      await store.change('${TEAM.id}', id, author, (found) => ({ key: { ...found, revokedAt: 7, revokedBy: 'ada', version: 2 }, result: 1 }));
      console.log(id);
    }`);
  await holder.printed(50);
  await holder.kill();
  expect(existsSync(join(directory, 'outkit.pid'))).toBe(true);

  const again = await openSqliteStore({ directory });
  const acknowledged = holder.lines.filter((line) => /^key_[0-9]+$/.test(line));
  for (const id of acknowledged) expect((await again.findKey(TEAM.id, id))?.revokedAt).toBe(7);
  expect(readFileSync(join(directory, 'outkit.pid'), 'utf8')).toBe(`${process.pid}\n`);
  await again.close();
});

test('a process id that was left behind, or is no number, locks nobody out', async () => {
  for (const left of ['1\n', 'rubbish', '']) {
    writeFileSync(join(directory, 'outkit.pid'), left);
    const store = await openSqliteStore({ directory });
    await store.close();
    expect(existsSync(join(directory, 'outkit.pid'))).toBe(false);
  }
});
