import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Machine } from '../src/cli/machine.fixture.ts';
import { readSettingsFile } from '../src/cli/serve-settings-file.ts';
import { SECRET } from '../src/server/serve-config.fixture.ts';
import { readServeConfig } from '../src/server/serve-config.ts';
import { SETTING_NAMES, SETTINGS } from '../src/server/serve-settings.ts';

const VARIABLES = SETTING_NAMES.map((name) => SETTINGS[name].variable);

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8');

function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'outkit-deploy-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Reads a configuration as the command would, with a secret that is there. */
async function configOf(env: Readonly<Record<string, string>>, settings?: string) {
  const cwd = temporaryDirectory();
  const write = (name: string, contents: string) => writeFileSync(join(cwd, name), contents, { mode: 0o600 });
  for (const name of ['secret', 'oidc-client-secret', 'smtp-password']) write(name, `${SECRET}\n`);
  if (settings !== undefined) write('outkit.server.json', settings);
  const userId = process.getuid?.() ?? null;
  const file = await readSettingsFile({ cwd, env, userId }, undefined);
  return readServeConfig({
    flags: {},
    env: { OUTKIT_SECRET_FILE: 'secret', ...env },
    file,
    cwd,
    userId,
    nodeFlags: [],
  });
}

describe('the example of outkit.server.json', () => {
  it('is accepted as it stands, once the secrets are there, and shows every group of settings', async () => {
    const example = read('outkit.server.example.json');
    const config = await configOf({}, example.replaceAll('/run/credentials/outkit.service/', ''));
    expect(config).toMatchObject({
      dataDirectory: '/var/lib/outkit',
      publicUrl: 'https://outkit.example.com',
      trustedProxies: ['127.0.0.1', '::1'],
      oidc: { clientSecret: SECRET, label: 'Sign in with Example' },
      smtp: { isImplicitTls: true, login: { user: 'outkit', password: SECRET } },
      auditHeadsFile: '/var/lib/outkit/audit-heads',
    });
  });
});

describe('docs/operations.md', () => {
  it('has a row for each setting, with its name in the file, its variable and its flag, and no row for another', () => {
    const page = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (?:`([\w.]+)`|–) \| `((?:OUTKIT|DATABASE|REDIS)_\w+)` \| (.*) \|$/gm)];
    const told = rows.map(([, name, variable, what = '']) => [name, variable, /`(--[a-z-]+)`/.exec(what)?.[1]]);
    const settings = SETTING_NAMES.map((name) => {
      const { variable, flag, inFile } = SETTINGS[name];
      return [inFile ? name : undefined, variable, flag];
    });
    expect(told).toEqual(settings);
  });
});

describe('the systemd unit', () => {
  const unit = read('outkit.service');
  const values = (name: string) =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');

  it('starts outkit serve with flags that there are', async () => {
    const [program, ...args] = (values('ExecStart')[0] ?? '').split(' ');
    expect(program).toMatch(/\/outkit$/);
    const { exitCode, stdout } = await (await Machine.start()).run([...args, '--help']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Usage: outkit serve')]);
  });

  it('sets variables that there are, and hands the secret over as a credential', () => {
    const names = values('Environment').map((assignment) => assignment.split('=')[0] ?? '');
    expect(names.filter((name) => name.startsWith('OUTKIT_') && !VARIABLES.includes(name as 'OUTKIT_PORT'))).toEqual(
      [],
    );
    expect(values('LoadCredential')[0]).toBe('secret:/etc/outkit/secret');
    expect(values('Environment')).toContain('OUTKIT_SECRET_FILE=%d/secret');
    expect(values('StateDirectoryMode')).toEqual(['0700']);
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!hasSystemd)('is one that systemd takes', () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'outkit.service');
    // Neither the program nor its user has to be on the machine of the test.
    const there = unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true').replace(/^(User|Group)=.*$/gm, '$1=root');
    writeFileSync(path, there);
    mkdirSync(join(directory, 'empty'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const exposure = execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', path]);
    expect(exposure.toString()).toMatch(/exposure level for outkit\.service: 1\.\d OK/);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('sets what the server accepts, and leaves it to whoever starts it to name its address and secret', async () => {
    const pairs = [...dockerfile.matchAll(/(OUTKIT_\w+)=(\S+)/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    expect(pairs.map(([name]) => name).filter((name) => !VARIABLES.includes(name as 'OUTKIT_PORT'))).toEqual([]);
    const env = Object.fromEntries(pairs);
    await expect(configOf({ ...env, OUTKIT_DATA_DIR: 'data' })).rejects.toMatchObject({
      details: [expect.stringMatching(/^OUTKIT_PUBLIC_URL: is needed/)],
    });
    const config = await configOf({ ...env, OUTKIT_DATA_DIR: 'data', OUTKIT_PUBLIC_URL: 'https://outkit.example.com' });
    expect(config).toMatchObject({ host: '0.0.0.0', port: 4680 });
  });

  it('runs as a user of its own, with a volume that only that one can read', () => {
    const [, last = ''] = dockerfile.split(/^FROM node:24-slim$/m);
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/install -d -m 0700 -o node -g node \/data /);
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('ENTRYPOINT'));
  });

  it('calls the server healthy while it is ready, and only then', async () => {
    const command: string[] = JSON.parse(
      /HEALTHCHECK[^[]*CMD (\[.*\])$/ms.exec(dockerfile)?.[1]?.split('\n')[0] ?? '[]',
    );
    let status = 200;
    const server = createServer((request, response) =>
      response.writeHead(request.url === '/readyz' ? status : 404).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const health = async () => {
      const env = { ...process.env, OUTKIT_PORT: String(port) };
      const [exitCode] = await once(spawn(process.execPath, command.slice(1), { env }), 'exit');
      return exitCode;
    };
    expect(command[0]).toBe('node');
    expect(await health()).toBe(0);
    status = 503;
    expect(await health()).toBe(1);
    server.close();
    server.closeAllConnections();
    expect(await health()).toBe(1);
  });
});
