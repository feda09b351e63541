import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FakeIo, Machine } from '../machine.fixture.ts';
import { credentialOf } from '../people.fixture.ts';
import { findCredential, forgetCredential, keepCredential, listLogins } from './credential-store.ts';

const ONE = 'https://one.example';
const OTHER = 'http://127.0.0.1:4680';
const [FIRST, SECOND] = [credentialOf('first'), credentialOf('second')];

async function place(env: Record<string, string> = {}) {
  const machine = await Machine.start();
  const io = machine.io({ env });
  const directory = join(machine.home, '.config', 'outkit');
  return { machine, io, directory, path: join(directory, 'credentials.json') };
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a credential in the file', () => {
  it('is kept for its server beside those for others, 0600 in a 0700 directory, and nothing else is left there', async () => {
    const { io, directory, path } = await place();
    expect(await keepCredential(ONE, FIRST, io)).toBe('file');
    expect(await keepCredential(OTHER, SECOND, io)).toBe('file');
    expect(await findCredential(ONE, io)).toEqual({ credential: FIRST, keptIn: 'file' });
    expect(await findCredential(OTHER, io)).toEqual({ credential: SECOND, keptIn: 'file' });
    expect(await findCredential('https://one.example:8443', io)).toBeNull();
    expect([modeOf(path), modeOf(directory), readdirSync(directory)]).toEqual([0o600, 0o700, ['credentials.json']]);
    expect(await listLogins(io)).toEqual([
      { server: OTHER, keptIn: 'file' },
      { server: ONE, keptIn: 'file' },
    ]);
    await keepCredential(ONE, SECOND, io);
    expect(await findCredential(ONE, io)).toMatchObject({ credential: SECOND });
    expect(await forgetCredential({ server: ONE, keptIn: 'file' }, io)).toBe(true);
    expect(await findCredential(ONE, io)).toBeNull();
    expect(await findCredential(OTHER, io)).toMatchObject({ credential: SECOND });
    expect(readFileSync(path, 'utf8')).not.toContain('one.example');
  });

  it('is below XDG_CONFIG_HOME, unless that is relative', async () => {
    const { machine } = await place();
    const chosen = join(machine.home, 'chosen');
    await keepCredential(ONE, FIRST, machine.io({ env: { XDG_CONFIG_HOME: chosen } }));
    expect(readdirSync(join(chosen, 'outkit'))).toEqual(['credentials.json']);
    await keepCredential(ONE, FIRST, machine.io({ env: { XDG_CONFIG_HOME: 'chosen' } }));
    expect(readdirSync(join(machine.home, '.config', 'outkit'))).toEqual(['credentials.json']);
  });

  it.each<[string, (paths: { directory: string; path: string }) => void, string]>([
    ['file that others can read', ({ path }) => chmodSync(path, 0o640), 'chmod 600'],
    ['directory that others can enter', ({ directory }) => chmodSync(directory, 0o711), 'chmod 700'],
    [
      'link in the place of the file',
      ({ directory, path }) => {
        renameSync(path, join(directory, 'elsewhere'));
        symlinkSync(join(directory, 'elsewhere'), path);
      },
      'is a link',
    ],
    [
      'link in the place of the directory',
      ({ directory }) => {
        renameSync(directory, `${directory}.moved`);
        symlinkSync(`${directory}.moved`, directory);
      },
      'is not a directory of its own',
    ],
    ['broken file', ({ path }) => writeFileSync(path, '{'), 'holds no credentials'],
    [
      'file with a credential for no origin',
      ({ path }) =>
        writeFileSync(path, JSON.stringify({ servers: { 'http://remote.example': { credential: FIRST } } })),
      'holds no credentials',
    ],
    [
      'directory in the place of the file',
      ({ path }) => {
        rmSync(path);
        mkdirSync(path, { mode: 0o700 });
      },
      'is not the file it should be',
    ],
  ])('is neither read nor written in a %s', async (_, spoil, what) => {
    const { io, directory, path } = await place();
    await keepCredential(ONE, FIRST, io);
    spoil({ directory, path });
    for (const use of [() => findCredential(ONE, io), () => keepCredential(OTHER, SECOND, io), () => listLogins(io)]) {
      const error = await use().then(String, (thrown) => thrown);
      expect(error).toMatchObject({ code: 'credential_store' });
      expect(`${error.message} ${error.hint}`).toContain(what);
      expect(`${error.message} ${error.hint}`).not.toContain('okt_');
    }
    expect(readdirSync(directory).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('of another user is not read', async () => {
    const { io } = await place();
    await keepCredential(ONE, FIRST, io);
    const somebody = Object.assign(Object.create(io), { userId: (io.userId ?? 0) + 1 });
    await expect(findCredential(ONE, somebody)).rejects.toMatchObject({ code: 'credential_store' });
  });

  it('is not lost to another command that writes at the same time', async () => {
    const { io } = await place({ OUTKIT_NO_KEYCHAIN: '1' });
    const patient = Object.assign(Object.create(io), { wait: (spanMs: number) => setTimeout(spanMs) });
    const servers = Array.from({ length: 12 }, (_, index) => `https://s${10 + index}.example`);
    await Promise.all(servers.map((server) => keepCredential(server, FIRST, patient)));
    expect((await listLogins(io)).map(({ server }) => server)).toEqual(servers);
  });

  it('waits for a command that was killed while it wrote, then says how to go on', async () => {
    const { io, path } = await place();
    await keepCredential(ONE, FIRST, io);
    writeFileSync(`${path}.new`, '', { mode: 0o600 });
    await expect(keepCredential(ONE, SECOND, io)).rejects.toMatchObject({
      code: 'credential_store',
      hint: `if no other outkit runs, rm ${path}.new`,
    });
    expect(await findCredential(ONE, io)).toMatchObject({ credential: FIRST });
  });
});

describe('a credential in the keychain', () => {
  it('is not in the file, which only knows that there is a login', async () => {
    const { machine, io, path } = await place();
    machine.keychain = new Map();
    expect(await keepCredential(ONE, FIRST, io)).toBe('keychain');
    expect(readFileSync(path, 'utf8')).not.toContain('okt_');
    expect(await findCredential(ONE, io)).toEqual({ credential: FIRST, keptIn: 'keychain' });
    expect(await listLogins(io)).toEqual([{ server: ONE, keptIn: 'keychain' }]);
    expect(await forgetCredential({ server: ONE, keptIn: 'keychain' }, io)).toBe(true);
    expect([machine.keychain.size, await findCredential(ONE, io)]).toEqual([0, null]);
  });

  it('goes to the file when the keychain fails, and is not asked for it with OUTKIT_NO_KEYCHAIN=1', async () => {
    const { machine, io } = await place();
    expect(await keepCredential(ONE, FIRST, io)).toBe('file');
    machine.keychain = new Map();
    const without = machine.io({ env: { OUTKIT_NO_KEYCHAIN: '1' } });
    expect(await keepCredential(OTHER, SECOND, without)).toBe('file');
    expect(machine.keychain.size).toBe(0);
    expect(await findCredential(ONE, io)).toMatchObject({ credential: FIRST, keptIn: 'file' });
  });

  it('that the keychain does not give is an error that says so; one that is gone from it is no login', async () => {
    const { machine, io } = await place();
    machine.keychain = new Map();
    await keepCredential(ONE, FIRST, io);
    machine.keychain.clear();
    expect(await findCredential(ONE, io)).toBeNull();
    machine.keychain = null;
    await expect(findCredential(ONE, io)).rejects.toMatchObject({
      code: 'credential_store',
      hint: `unlock the keychain, or outkit login --api-url ${ONE}`,
    });
    expect(await forgetCredential({ server: ONE, keptIn: 'keychain' }, io)).toBe(false);
    expect(await listLogins(io)).toEqual([]);
  });

  it('is taken back out when the file cannot be written', async () => {
    const { machine, directory } = await place();
    machine.keychain = new Map();
    mkdirSync(join(machine.home, '.config'));
    writeFileSync(directory, '');
    await expect(keepCredential(ONE, FIRST, new FakeIo(machine, {}, (bytes) => bytes))).rejects.toMatchObject({
      code: 'credential_store',
    });
    expect(machine.keychain.size).toBe(0);
  });
});
