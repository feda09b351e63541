import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { BARE_KEY, type Project, temporaryProject } from './outkit.ts';

let server: DevServer;
let other: DevServer;
beforeAll(async () => {
  [server, other] = await Promise.all([startDev(), startDev()]);
  await server.newKey({ name: 'of the project' });
  await other.newKey({ name: 'of the other server' });
});
afterAll(() => Promise.all([server.stop(), other.stop()]));

describe('the server', () => {
  /** The name of the one key that is listed: tells which server answered. */
  async function answering(project: Project, args: string[], env: Record<string, string> = {}) {
    const { stdout, stderr, exitCode } = await project.run(['keys', 'list', ...args], { env });
    return { name: stdout.split('\t')[1], stderr, exitCode };
  }

  it('is the one of the flag, then of the variable, then of outkit.json, then the running outkit dev', async () => {
    const files = { 'outkit.json': `{ "profile": "${server.profileId}" }` };
    const project = server.newProject({ files });
    expect(await answering(project, [])).toEqual({ name: 'of the project', stderr: '', exitCode: 0 });

    const profile = ['--profile', other.profileId];
    const env = { OUTKIT_API_URL: other.url, OUTKIT_TOKEN: other.token };
    expect(await answering(project, profile, env)).toEqual({ name: 'of the other server', stderr: '', exitCode: 0 });
    expect(await answering(project, ['--api-url', server.url], { ...env, OUTKIT_TOKEN: '' })).toEqual({
      name: 'of the project',
      stderr: '',
      exitCode: 0,
    });

    project.write('outkit.json', JSON.stringify({ profile: other.profileId, apiUrl: other.url }));
    const stderr = `Using ${other.url} from outkit.json, not the outkit dev at ${server.url} (choose it with --api-url ${server.url})\n`;
    expect(await answering(project, [], { OUTKIT_TOKEN: other.token })).toEqual({
      name: 'of the other server',
      stderr,
      exitCode: 0,
    });
  });

  it.each([
    'http://outkit.example.com',
    'https://me:secret@outkit.example.com',
    'https://outkit.example.com/v1',
    'ftp://127.0.0.1',
    'nonsense',
  ])('may not be %s: credentials go over TLS, or to this machine', async (url) => {
    const rule = 'must be the origin of a server: https://host[:port], or http:// on this machine';
    const project = temporaryProject();
    const flag = await project.run(['keys', 'list', '--api-url', url]);
    expect(flag.exitCode).toBe(2);
    expect(flag.stderr).toContain(`Error: --api-url ${rule}`);
    const variable = await project.run(['keys', 'list'], { env: { OUTKIT_API_URL: url } });
    expect(variable.exitCode).toBe(1);
    expect(variable.stderr).toContain(`Error: OUTKIT_API_URL ${rule}`);
    for (const { stderr } of [flag, variable]) expect(stderr).not.toContain('secret');
  });
});

describe('outkit.json', () => {
  it('is the one of --config, then of OUTKIT_CONFIG, then the nearest upward, and none beyond the home directory', async () => {
    const config = (environment: string) => JSON.stringify({ profile: server.profileId, environment });
    const project = server.newProject({
      files: {
        'outkit.json': config('production'),
        'packages/api/outkit.json': config('staging'),
        'packages/web/src/index.ts': '',
        'other.json': config('development'),
      },
    });
    const start = async (cwd: string, args: string[] = [], env: Record<string, string> = {}) => {
      const { stdout } = await project.run(['keys', 'create', '-n', 'a', ...args], { cwd, env });
      expect(stdout).toMatch(BARE_KEY);
      return stdout.slice(0, 4);
    };
    expect(await start('packages/web/src')).toBe('okp_');
    expect(await start('packages/api')).toBe('oks_');
    expect(await start('packages/api', ['--config', '../../other.json'])).toBe('okd_');
    expect(await start('packages/api', [], { OUTKIT_CONFIG: '../../other.json' })).toBe('okd_');
    const both = ['--config', 'outkit.json'];
    expect(await start('packages/api', both, { OUTKIT_CONFIG: '../../other.json' })).toBe('oks_');
    expect(await start('packages/api', ['--env', 'production'])).toBe('okp_');

    const home = project.path('packages');
    const { stderr, exitCode } = await project.run(['keys', 'create', '-n', 'a'], {
      cwd: 'packages/web/src',
      env: { HOME: home },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('No active profile');
  });

  it('is not changed by --profile, which holds for one command', async () => {
    const project = server.newProject();
    const config = project.read('outkit.json');
    project.write('outkit.json', config.replace(server.profileId, 'prof_2222222222222222'));
    const { stdout, exitCode } = await project.run(['keys', 'create', '-n', 'a', '--profile', server.profileId]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(BARE_KEY);
    expect((await project.run(['keys', 'list', '--profile', server.profileId])).stdout).toContain('\ta\t');
    expect(project.read('outkit.json')).toBe(config.replace(server.profileId, 'prof_2222222222222222'));
    expect((await project.run(['keys', 'list'])).exitCode).toBe(3);
  });

  const key = `okd_${'A'.repeat(38)}`;

  it.each([
    ['empty', '', ':1: is not JSON here'],
    ['no JSON', '{\n  "profile": prof\n}', ':2: is not JSON here'],
    ['with a comment', '{\n  // mine\n}', ':2: is not JSON here'],
    ['with a trailing comma', '{ "environment": "staging",\n}', ':2: is not JSON here'],
    ['null', 'null', ':1: must hold one JSON object'],
    ['an array', '[]', ':1: must hold one JSON object'],
    ['with a byte order mark', '\ufeff{}', ':1: starts with a byte order mark'],
    ['too large', `{ "a": "${'x'.repeat(100_000)}" }`, ':1: is larger than 64 KiB'],
    ['of a wrong type', '{\n\n  "profile": 5\n}', ':3: profile must be a profile id'],
    ['with an unknown environment', '{ "environment": "prod" }', ':1: environment must be development, staging'],
    [
      'with a server over plain http',
      '{ "apiUrl": "http://example.com" }',
      ':1: apiUrl must be the origin of a server',
    ],
    ['holding a key', `{\n"key": "${key}" }`, ':2: holds the API key okd_AAAA••••••••, and this file is committed'],
  ])('that is %s ends in one error with its path and line', async (_, text, what) => {
    const project = server.newProject({ files: { 'outkit.json': text } });
    const { stdout, stderr, exitCode } = await project.run(['keys', 'list']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toContain(`Error: ${project.path('outkit.json')}${what}`);
    expect(stderr).not.toContain(key);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('that does not exist, although it was named, is an error', async () => {
    const project = server.newProject();
    const { stderr, exitCode } = await project.run(['keys', 'list', '--config', 'nowhere.json']);
    expect(exitCode).toBe(1);
    const paths = ['nowhere.json', 'outkit.json'].map((name) => project.path(name));
    expect(stderr).toBe(`Error: ${paths[0]}: does not exist\n  Try: --config ${paths[1]}\n`);
  });

  it('may have fields that are not known yet: a warning, and silence with --json', async () => {
    const text = `{ "profile": "${server.profileId}",\n "colour\\u001b[2J": 1 }`;
    const project = server.newProject({ files: { 'outkit.json': text } });
    const { stderr, exitCode } = await project.run(['keys', 'list']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`Warning: ${project.path('outkit.json')}:2: unknown field "colour\\u001b[2J" is ignored\n`);
    expect((await project.run(['keys', 'list', '--json'])).stderr).toBe('');
  });
});

describe('a credential of outkit dev', () => {
  it('that others can read is not used', async () => {
    const { token, project } = other;
    chmodSync(project.path('.outkit/credential'), 0o644);
    const { stdout, stderr, exitCode } = await project.run(['keys', 'list']);
    chmodSync(project.path('.outkit/credential'), 0o600);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    const path = project.path('.outkit/credential');
    expect(stderr).toBe(`Error: ${path} belongs to or can be read by other users\n  Try: chmod 600 ${path}\n`);
    expect(stderr).not.toContain(token);
  });

  it('does not go to whoever listens where the server was that crashed', async () => {
    const dev = await startDev();
    onTestFinished(() => dev.stop());
    await dev.kill();
    let requests = 0;
    const impostor = createServer((_, response) => response.end(String(++requests)));
    onTestFinished(() => new Promise((resolve) => impostor.close(() => resolve())));
    await new Promise<void>((resolve) => impostor.listen(Number(new URL(dev.url).port), '127.0.0.1', resolve));
    for (const args of [[], ['--api-url', dev.url], ['--api-url', dev.url.replace('127.0.0.1', 'localhost')]]) {
      const { stderr, exitCode } = await dev.project.run(['keys', 'list', ...args]);
      expect(exitCode).toBe(7);
      expect(stderr).toContain('has ended\n  Try: outkit dev\n');
    }
    expect(requests).toBe(0);
  });
});
