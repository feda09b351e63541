import { chmodSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import { credentialFilePath } from '../credentials/credential-file.ts';
import { keepCredential } from '../credentials/credential-store.ts';
import { ESC, Machine, type MachineOptions, PROFILE, SERVER } from '../machine.fixture.ts';
import { VERSION } from '../version.ts';

const NAMES = [
  'node',
  'config',
  'server',
  'version',
  'tls',
  'clock',
  'logins',
  'credential',
  'profile',
  'env-file',
  'browser',
  'build',
  'files',
  'history',
  'key',
];

/** A project outside of git with an active key in its env file. */
async function healthyMachine(): Promise<{ machine: Machine; id: string; plaintext: string }> {
  const machine = await Machine.start();
  const key = await machine.newKey();
  machine.write('.env.local', `OUTKIT_API_KEY=${key.plaintext}\n`);
  chmodSync(`${machine.cwd}/.env.local`, 0o600);
  return { machine, ...key };
}

async function checksOf(machine: Machine, options: MachineOptions = {}) {
  const { stdout, exitCode } = await machine.run(['doctor', '--json'], options);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Record<string, string>[] };
  expect(exitCode).toBe(ok ? 0 : 1);
  return { ok, checks, verdicts: Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])) };
}

describe('doctor', () => {
  it('finds nothing wrong where nothing is, from the machine to the key', async () => {
    const { machine, id, plaintext } = await healthyMachine();
    const { stdout, stderr, exitCode } = await machine.run(['doctor'], { env: { OUTKIT_API_KEY: plaintext } });
    const start = plaintext.slice(0, 8);
    expect(stdout.split('\n').map((line) => line.split('\t'))).toEqual([
      ['node', 'pass', 'v24.21.0', ''],
      ['config', 'pass', `${machine.cwd}/outkit.json`, ''],
      ['server', 'pass', `${SERVER} (from OUTKIT_API_URL) answers within 0 ms`, ''],
      ['version', 'pass', `${VERSION}, here and on the server`, ''],
      ['tls', 'pass', 'not needed: the server is on this machine', ''],
      ['clock', 'pass', 'agrees with that of the server', ''],
      ['logins', 'pass', 'no login is kept here', ''],
      ['credential', 'pass', 'OUTKIT_TOKEN: the server takes it', ''],
      ['profile', 'pass', `Default (${PROFILE}, pro)`, ''],
      ['env-file', 'pass', '.env.local, in no git repository', ''],
      ['browser', 'pass', 'no key is in a variable that browsers get', ''],
      ['build', 'pass', 'no build output so far', ''],
      ['files', 'skip', 'no git repository', ''],
      ['history', 'skip', 'no git repository', ''],
      ...['of the environment', 'in .env.local:1'].map((where) => [
        'key',
        'pass',
        `OUTKIT_API_KEY ${where}: ${start}•••••••• of dev key (${id}, development) is active`,
        '',
      ]),
      [''],
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '14 passed, 2 skipped\n', exitCode: 0 });
    expect(stdout).not.toContain(plaintext);
  });

  it('is a list on a terminal, with what mends a failure below it', async () => {
    const { machine, id } = await healthyMachine();
    await machine.keys.revoke(id, null);
    const tty = { tty: true, columns: 70 };
    const plain = await machine.run(['doctor'], { ...tty, env: { NO_COLOR: '1' } });
    expect(plain.stdout).toMatch(/^✓ node {8}v24\.21\.0\n✓ config {6}/);
    expect(plain.stdout).toMatch(/\n– files {7}no git repository\n/);
    expect(plain.stdout).toMatch(
      /\n✗ key {9}OUTKIT_API_KEY in .*\n( {14}.*\n)+ {14}Try: outkit keys create -n "dev key" --env-file --force\n$/,
    );
    expect(plain.stderr).toBe('12 passed, 1 failed, 2 skipped\n');
    expect(plain.exitCode).toBe(1);
    expect(plain.stdout.split('\n').filter((line) => line.length > 70)).toEqual([]);
    const coloured = await machine.run(['doctor'], tty);
    expect(coloured.stdout).toContain(`${ESC}[32m✓${ESC}[39m node`);
    expect(coloured.stdout).toContain(`${ESC}[31m✗${ESC}[39m key`);
  });

  it('is one document with --json, with null where nothing is to be mended', async () => {
    const { machine } = await healthyMachine();
    const { stdout, stderr } = await machine.run(['doctor', '--json'], { tty: true });
    expect(stderr).toBe('');
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['ok', 'checks']);
    expect(document.ok).toBe(true);
    expect(document.checks[0]).toEqual({ name: 'node', verdict: 'pass', detail: 'v24.21.0', fix: null });
    expect(document.checks.map(({ name }: { name: string }) => name)).toEqual(NAMES);
  });

  it('runs every check when the server is away: what needs it is skipped', async () => {
    const { machine } = await healthyMachine();
    machine.health = () => {
      throw new OutkitError('unreachable', `Cannot reach the Outkit server at ${SERVER}`, 'outkit dev');
    };
    const { checks, verdicts } = await checksOf(machine);
    expect(Object.keys(verdicts)).toEqual(NAMES);
    expect(verdicts).toMatchObject({
      server: 'fail',
      version: 'skip',
      clock: 'skip',
      credential: 'skip',
      profile: 'skip',
    });
    expect(verdicts).toMatchObject({
      node: 'pass',
      config: 'pass',
      'env-file': 'pass',
      browser: 'pass',
      build: 'pass',
      key: 'skip',
    });
    expect(checks.find(({ name }) => name === 'server')).toMatchObject({ fix: 'outkit dev' });
  });

  it('goes on after a broken outkit.json, with a server that is named otherwise', async () => {
    const { machine } = await healthyMachine();
    machine.write('outkit.json', '{\n  profile: 1\n}');
    const { checks, verdicts } = await checksOf(machine);
    expect(verdicts).toMatchObject({
      config: 'fail',
      server: 'pass',
      profile: 'skip',
      'env-file': 'skip',
      key: 'skip',
    });
    expect(checks[1]?.['detail']).toMatch(/outkit\.json:2: is not JSON here/);
    const unnamed = await checksOf(machine, { env: { OUTKIT_API_URL: '' } });
    expect(unnamed.verdicts).toMatchObject({ config: 'fail', server: 'skip', tls: 'skip' });
  });

  it('speaks of text from elsewhere so that it cannot act on the terminal', async () => {
    const { machine } = await healthyMachine();
    const { findByHash } = machine.keys;
    machine.override({
      async findByHash(hash) {
        const found = await findByHash(hash);
        return { ...found, key: { ...found.key, name: `a${ESC}]0;title\x07b` } };
      },
    });
    const { stdout } = await machine.run(['doctor'], { tty: true, env: { NO_COLOR: '1' } });
    expect(stdout).toContain('a\\x1b]0;title\\x07b');
    expect(stdout).not.toContain(ESC);
  });

  it('finds a key in a variable of the environment that browsers get', async () => {
    const { machine, id, plaintext } = await healthyMachine();
    const { checks } = await checksOf(machine, { env: { NEXT_PUBLIC_OUTKIT_KEY: `k=${plaintext}` } });
    expect(checks.filter(({ name }) => name === 'browser')).toEqual([
      {
        name: 'browser',
        verdict: 'fail',
        detail: `NEXT_PUBLIC_OUTKIT_KEY in the environment gives ${plaintext.slice(0, 8)}•••••••• of dev key (${id}, development) to every browser: rename it, and treat the key as leaked`,
        fix: `outkit keys rotate ${id} --grace 0 --env-file`,
      },
    ]);
  });

  it.each(['NEXT_PUBLIC_', 'VITE_', 'PUBLIC_', 'NUXT_PUBLIC_', 'REACT_APP_', 'EXPO_PUBLIC_', 'GATSBY_'])(
    'finds a key under a name with %s in the env file of an app in a workspace',
    async (prefix) => {
      const { machine, plaintext } = await healthyMachine();
      mkdirSync(`${machine.cwd}/apps/web`, { recursive: true });
      machine.write('apps/web/package.json', '{}');
      machine.write('apps/web/.env.production', `A=1\n${prefix}KEY=${plaintext}\n`);
      Object.assign(machine, { cwd: `${machine.cwd}/apps/web` });
      const { checks } = await checksOf(machine);
      expect(checks.find(({ name }) => name === 'browser')).toMatchObject({
        verdict: 'fail',
        detail: expect.stringContaining(`${prefix}KEY in .env.production:2 gives `),
      });
    },
  );

  it('looks at the login: whether others can get at it, and whether the server takes it', async () => {
    const { machine } = await healthyMachine();
    const io = machine.io();
    await keepCredential(SERVER, machine.server.start(), io);
    const env = { OUTKIT_TOKEN: '' };
    const detail = async (name: string) => {
      const { checks, verdicts } = await checksOf(machine, { env });
      return [verdicts[name], checks.find((check) => check['name'] === name)];
    };
    expect(await detail('logins')).toMatchObject(['pass', { detail: `${SERVER} (file)` }]);
    expect(await detail('credential')).toMatchObject([
      'pass',
      { detail: expect.stringContaining('the server takes it') },
    ]);
    chmodSync(credentialFilePath(io), 0o644);
    expect(await detail('logins')).toMatchObject(['fail', { fix: `chmod 600 ${credentialFilePath(io)}` }]);
    expect(await detail('credential')).toMatchObject(['fail', { fix: `chmod 600 ${credentialFilePath(io)}` }]);
  });

  it('sends no plaintext and no token before it must', async () => {
    const { machine } = await healthyMachine();
    await machine.run(['doctor']);
    expect(machine.accesses.slice(1).map(({ token }) => token)).toEqual([null, 'token']);
  });
});
