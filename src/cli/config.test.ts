import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import type { Io } from './io.ts';
import { Machine, type MachineOptions, PROFILE } from './machine.fixture.ts';
import { openOutput } from './output.ts';

type IoChanges = Partial<Pick<Io, 'cwd' | 'home' | 'userId'>>;

async function read(machine: Machine, changes: IoChanges = {}, flag?: string, options: MachineOptions = {}) {
  const io = machine.io(options);
  const output = openOutput(io, { json: false, colour: null });
  const config = await readConfig(Object.assign(Object.create(io), changes), flag, output).catch(
    (error) => error.message,
  );
  return { config, stderr: io.written.stderr };
}

describe('outkit.json', () => {
  it('is read whole', async () => {
    const machine = await Machine.start();
    const fields = {
      $schema: 'x',
      profile: PROFILE,
      apiUrl: 'https://o.example',
      envFile: '.env',
      environment: 'staging',
    };
    machine.write('outkit.json', JSON.stringify(fields));
    const path = join(machine.cwd, 'outkit.json');
    expect(await read(machine)).toEqual({ config: { ...fields, path }, stderr: '' });
  });

  it.each([
    ['', ':1: is not JSON'],
    ['{', ':1: is not JSON'],
    ['{\n  "profile": "prof_2222222222222222",\n}', ':3: is not JSON'],
    ['{\n  // comment\n}', ':2: is not JSON'],
    ['\ufeff{}', ':1: starts with a byte order mark'],
    ['null', ':1: must hold one JSON object'],
    ['[]', ':1: must hold one JSON object'],
    ['"text"', ':1: must hold one JSON object'],
    ['{\n\n"profile": 7 }', ':3: profile must be a profile id'],
    ['{\n"profile": null }', ':2: profile must be a profile id'],
    ['{\n"profile": "prof_0" }', ':2: profile must be a profile id'],
    ['{\n"environment": "prod" }', ':2: environment must be development, staging, production'],
    ['{\n"envFile": "" }', ':2: envFile must be a path'],
    ['{\n"envFile": ["a"] }', ':2: envFile must be a path'],
    ['{\n"apiUrl": "http://remote.example" }', ':2: apiUrl must be the origin of a server'],
    ['{\n"apiUrl": "https://user:pw@o.example" }', ':2: apiUrl must be the origin of a server'],
  ])('%j fails in one line with path and line', async (text, expected) => {
    const machine = await Machine.start();
    machine.write('outkit.json', text);
    const { config } = await read(machine);
    expect(config).toContain(`${join(machine.cwd, 'outkit.json')}${expected}`);
    expect(config).not.toContain('\n');
    expect(config).not.toContain('pw@');
  });

  it('that is huge, not UTF-8, a directory or a FIFO fails at once', async () => {
    const machine = await Machine.start();
    const path = join(machine.cwd, 'outkit.json');
    truncateSync(path, 100 * 1024 * 1024);
    expect((await read(machine)).config).toContain(':1: is larger than 64 KiB');
    writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d]));
    expect((await read(machine)).config).toContain(':1: is not UTF-8');
    rmSync(path);
    mkdirSync(path);
    expect((await read(machine)).config).toContain('is not a file');
    rmSync(path, { recursive: true });
    execFileSync('mkfifo', [path]);
    expect((await read(machine)).config).toContain('is not a file');
  });

  it('with an unknown field warns with its line, and works', async () => {
    const machine = await Machine.start();
    machine.write('outkit.json', `{ "profile": "${PROFILE}",\n"profil\\u001b[2Je": 1 }`);
    const { config, stderr } = await read(machine);
    expect(config).toMatchObject({ profile: PROFILE });
    expect(stderr).toMatch(/^Warning: .*outkit\.json:2: unknown field "profil\\u001b\[2Je" is ignored\n$/);
  });

  it('with a key in it is refused, never repeated, with the advice to revoke', async () => {
    const machine = await Machine.start();
    const key = `okp_7Hq3${'x'.repeat(34)}`;
    machine.write('outkit.json', `{ "profile": "${PROFILE}",\n"apiKey": "${key}" }`);
    const { exitCode, stderr } = await machine.run(['keys', 'list']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('outkit.json:2: holds the API key okp_7Hq3••••••••');
    expect(stderr).toContain('outkit keys revoke');
    expect(stderr).not.toContain(key);
    machine.write('outkit.json', `{ "token": "okl_${'y'.repeat(43)}" }`);
    const other = await machine.run(['keys', 'list']);
    expect(other.stderr).toContain('holds a credential');
    expect(other.stderr).not.toContain('yyy');
  });

  it('of another user is refused, unless it is named and only that user can write it', async () => {
    const machine = await Machine.start();
    const path = join(machine.cwd, 'outkit.json');
    // Files of root are no foreign ones.
    if (process.getuid?.() === 0) chownSync(path, 4712, 4712);
    for (const [mode, named] of [
      [0o644, undefined],
      [0o444, undefined],
      [0o664, undefined],
      [0o664, path],
      [0o646, path],
    ] as const) {
      chmodSync(path, mode);
      expect((await read(machine, { userId: 4711 }, named)).config).toContain('outkit.json: belongs to another user');
    }
    chmodSync(path, 0o644);
    expect((await read(machine, { userId: 4711 }, path)).config).toMatchObject({ profile: PROFILE });
    const env = { OUTKIT_CONFIG: path };
    expect((await read(machine, { userId: 4711 }, undefined, { env })).config).toMatchObject({ profile: PROFILE });
    chmodSync(path, 0o666);
    expect((await read(machine, { userId: statSync(path).uid })).config).toMatchObject({ profile: PROFILE });
  });
});

describe('the outkit.json in force', () => {
  const pathOf = async (machine: Machine, changes: IoChanges = {}, flag?: string, options: MachineOptions = {}) => {
    const { config } = await read(machine, changes, flag, options);
    return typeof config === 'string' ? config : (config?.path ?? null);
  };

  it('is that of --config, else of OUTKIT_CONFIG, else the nearest upward', async () => {
    const machine = await Machine.start();
    const inner = join(machine.cwd, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    machine.write('a/outkit.json', '{}');
    machine.write('flag.json', '{}');
    machine.write('env.json', '{}');
    const env = { OUTKIT_CONFIG: join(machine.cwd, 'env.json') };
    expect(await pathOf(machine, {}, 'flag.json', { env })).toBe(join(machine.cwd, 'flag.json'));
    expect(await pathOf(machine, { cwd: inner }, undefined, { env })).toBe(join(machine.cwd, 'env.json'));
    expect(await pathOf(machine, { cwd: inner })).toBe(join(machine.cwd, 'a', 'outkit.json'));
    expect(await pathOf(machine, { cwd: inner }, undefined, { env: { OUTKIT_CONFIG: '' } })).toBe(
      join(machine.cwd, 'a', 'outkit.json'),
    );
  });

  it('is never above the home directory', async () => {
    const machine = await Machine.start();
    const home = join(machine.cwd, 'home');
    mkdirSync(join(home, 'project'), { recursive: true });
    expect(await pathOf(machine, { cwd: join(home, 'project'), home })).toBeNull();
    machine.write('home/outkit.json', '{}');
    expect(await pathOf(machine, { cwd: join(home, 'project'), home })).toBe(join(home, 'outkit.json'));
  });

  it('must exist when it was named', async () => {
    const machine = await Machine.start();
    expect(await pathOf(machine, {}, 'nowhere.json')).toContain('nowhere.json: does not exist');
    const hintOf = async (args: string[], env = {}) => (await machine.run(['keys', 'list', ...args], { env })).stderr;
    const path = join(machine.cwd, 'outkit.json');
    expect(await hintOf(['--config', 'nowhere.json'])).toContain(`Try: --config ${path}\n`);
    expect(await hintOf([], { OUTKIT_CONFIG: 'nowhere.json' })).toContain('Try: unset OUTKIT_CONFIG\n');
    rmSync(path);
    expect(await hintOf(['--config', 'nowhere.json'])).toContain('Try: outkit init\n');
  });

  it('stands in hints as one word of the shell', async () => {
    const machine = await Machine.start();
    const cwd = join(machine.cwd, 'my app');
    mkdirSync(cwd);
    machine.write('my app/outkit.json', '{}');
    const path = join(cwd, 'outkit.json');
    const hintOf = async (changes: IoChanges, flag?: string) => {
      const io = machine.io();
      const output = openOutput(io, { json: false, colour: null });
      return readConfig(Object.assign(Object.create(io), { cwd, ...changes }), flag, output).catch(({ hint }) => hint);
    };
    expect(await hintOf({}, 'nowhere.json')).toBe(`--config '${path}'`);
    // Files of root are no foreign ones.
    if (process.getuid?.() === 0) chownSync(path, 4712, 4712);
    expect(await hintOf({ userId: 4711 })).toBe(`if you trust it, --config '${path}'`);
    chmodSync(path, 0o666);
    expect(await hintOf({ userId: 4711 })).toBe(`chmod go-w '${path}'`);
  });
});
