import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import {
  isStillRunning,
  readDevServerRecord,
  readLocalCredential,
  removeDevServerRecord,
  renewLocalCredential,
  writeDevServerRecord,
} from './dev-server-record.ts';

const USER_ID = process.getuid?.() ?? null;
const RECORD = { url: 'http://127.0.0.1:4680', pid: 42, startedAt: 1_795_000_000_000 };

function dataDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'outkit-record-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, '.outkit');
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('the record of a dev server', () => {
  it('is read as it was written, is closed to others, is replaced whole, and goes away', async () => {
    const directory = dataDirectory();
    expect(await readDevServerRecord(directory, USER_ID)).toBeNull();
    await writeDevServerRecord(directory, RECORD);
    await writeDevServerRecord(directory, { ...RECORD, pid: 43 });
    expect(await readDevServerRecord(directory, USER_ID)).toMatchObject({ ...RECORD, pid: 43 });
    expect([modeOf(directory), modeOf(join(directory, 'server.json'))]).toEqual([0o700, 0o600]);
    await removeDevServerRecord(directory);
    await removeDevServerRecord(directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(['https://o.example', 'http://o.example', 'http://127.0.0.1.example', 'http://u:p@127.0.0.1', 'nowhere'])(
    'is refused when it leads away from this machine: %s',
    async (url) => {
      const directory = dataDirectory();
      await writeDevServerRecord(directory, { ...RECORD, url });
      await expect(readDevServerRecord(directory, USER_ID)).rejects.toMatchObject({ code: 'data_directory' });
    },
  );

  it('is refused when others can read it, another user owns it, it is a link, or it is no record', async () => {
    const directory = dataDirectory();
    await writeDevServerRecord(directory, RECORD);
    const path = join(directory, 'server.json');
    await expect(readDevServerRecord(directory, 4711)).rejects.toThrow('other users');
    chmodSync(path, 0o640);
    await expect(readDevServerRecord(directory, USER_ID)).rejects.toThrow('other users');
    for (const text of ['', 'null', '{}', '{"url":"http://127.0.0.1:1","pid":"1","startedAt":1}', 'x'.repeat(5000)]) {
      rmSync(path);
      writeFileSync(path, text, { mode: 0o600 });
      await expect(readDevServerRecord(directory, USER_ID)).rejects.toMatchObject({ code: 'data_directory' });
    }
    rmSync(path);
    symlinkSync('/etc/hostname', path);
    await expect(readDevServerRecord(directory, USER_ID)).rejects.toMatchObject({ code: 'data_directory' });
  });
});

describe('the server of a record', () => {
  const isAlive = (pid: number) => pid === process.pid;

  it('runs while its process does', async () => {
    const directory = dataDirectory();
    for (const [pid, runs] of [
      [process.pid, true],
      [2 ** 22 + 1, false],
    ] as const) {
      await writeDevServerRecord(directory, { ...RECORD, pid });
      const record = await readDevServerRecord(directory, USER_ID);
      expect(record !== null && (await isStillRunning(record, isAlive))).toBe(runs);
    }
  });

  it.runIf(process.platform === 'linux')('does not run when another process got its pid', async () => {
    const directory = dataDirectory();
    await writeDevServerRecord(directory, { ...RECORD, pid: process.pid });
    const record = await readDevServerRecord(directory, USER_ID);
    expect(record?.process).toMatch(/^[0-9a-f-]{36} \d+$/);
    const ofAnother = { ...RECORD, pid: process.pid, process: `${record?.process}1` };
    expect(await isStillRunning(ofAnother, isAlive)).toBe(false);
  });
});

describe('the local credential', () => {
  it('is another one at each start, 0600, and takes the place of whatever was there', async () => {
    const directory = dataDirectory();
    expect(await readLocalCredential(directory, USER_ID)).toBeNull();
    const credential = await renewLocalCredential(directory, seededRandom(1));
    expect(credential).toMatch(/^okl_[\w-]{43}$/);
    expect(await readLocalCredential(directory, USER_ID)).toBe(credential);
    chmodSync(join(directory, 'credential'), 0o644);
    const next = await renewLocalCredential(directory, seededRandom(2));
    expect(next).not.toBe(credential);
    expect(await readLocalCredential(directory, USER_ID)).toBe(next);
    expect(modeOf(join(directory, 'credential'))).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['credential']);
  });

  it('cannot take the place of a directory', async () => {
    const directory = dataDirectory();
    mkdirSync(join(directory, 'credential', 'inside'), { recursive: true });
    await expect(renewLocalCredential(directory, seededRandom(1))).rejects.toMatchObject({ code: 'data_directory' });
  });

  it('is not read when others could, or when it is none', async () => {
    const directory = dataDirectory();
    await renewLocalCredential(directory, seededRandom(1));
    chmodSync(join(directory, 'credential'), 0o604);
    await expect(readLocalCredential(directory, USER_ID)).rejects.toThrow('other users');
    writeFileSync(join(directory, 'credential'), 'hello\n');
    chmodSync(join(directory, 'credential'), 0o600);
    await expect(readLocalCredential(directory, USER_ID)).rejects.toThrow('holds no credential');
  });
});
