import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { runAndTrace } from './loaded-modules.ts';
import { BARE_KEY, KEY, OUTKIT, type Project, temporaryProject } from './outkit.ts';

let server: DevServer;
let project: Project;
beforeAll(async () => {
  server = await startDev();
  project = server.project;
  // Some 200 KB as JSON: four times of what a pipe holds.
  const name = '鍵'.repeat(64);
  for (let batch = 0; batch < 40; batch++) await Promise.all(Array.from({ length: 10 }, () => server.newKey({ name })));
});
afterAll(() => server.stop());

const ESC = '\x1b';

describe('standard output', () => {
  it('is complete when it is many times larger than a pipe, and its reader is slow', async () => {
    const child = spawn(OUTKIT, ['keys', 'list', '--json'], {
      cwd: project.directory,
      env: project.environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'close');
    // Whoever reads nothing until the pipe is full has everything to come.
    await once(child.stdout, 'readable');
    const document = await text(child.stdout);
    expect(document.length).toBeGreaterThan(200_000);
    expect(JSON.parse(document).data).toHaveLength(400);
    expect(await ended).toEqual([0, null]);
  });

  it.each(['keys list', 'keys list --json', 'keys create --help'])('of %s may be closed early, silently', (command) => {
    const { stdout, exitCode } = project.shell(`outkit ${command} 2>errors | head -1; echo "\${PIPESTATUS[0]}"`);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').at(-2)).toBe('0');
    expect(project.read('errors')).toBe('');
  });

  it.each(['keys list', '--version', 'keys list --help'])(
    'of %s on a full disk is a failure in one line',
    async (command) => {
      const child = spawn(OUTKIT, command.split(' '), {
        cwd: project.directory,
        env: project.environment(),
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      });
      const stderr = text(child.stderr as NonNullable<typeof child.stderr>);
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(await stderr).toBe('Error: Cannot write the output: ENOSPC\n');
    },
  );

  it('closed from the start does not keep a key from being revoked', async () => {
    const { key } = await server.newKey();
    project.shell(`outkit keys revoke ${key.id} -y >&-`);
    expect((await server.keys.find(key.id)).status).toBe('revoked');
  });
});

describe('standard input', () => {
  it('is not waited for: an open pipe that never ends, an empty one, and none', async () => {
    for (const options of [{ stdin: 'open' }, { stdin: '' }, {}] as const) {
      const { stdout, exitCode } = await project.run(['keys', 'create', '-n', 'ci'], options);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(BARE_KEY);
    }
  });

  it('that is no terminal means that the prompt library is not loaded', async () => {
    const { exitCode, loaded } = await runAndTrace(project, ['keys', 'create']);
    expect(exitCode).toBe(2);
    expect(loaded).toContainEqual(expect.stringMatching(/\/dist\/create-\w+\.js$/));
    expect(loaded.filter((url) => url.includes('/prompts'))).toEqual([]);
  });
});

describe('colour', () => {
  const failing = ['keys', 'stats', 'nonsense'];

  it.each([
    ['a pipe', {}, [], false],
    ['FORCE_COLOR=1', { FORCE_COLOR: '1' }, [], true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, [], false],
    ['NO_COLOR beats FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
    ['an empty NO_COLOR is none', { NO_COLOR: '', FORCE_COLOR: '1' }, [], true],
    ['--color beats NO_COLOR', { NO_COLOR: '1' }, ['--color'], true],
    ['--no-color beats --color', {}, ['--color', '--no-color'], false],
    ['--no-color beats a --color that follows', {}, ['--no-color', '--color'], false],
  ])('%s', async (_, env, flags, isColoured) => {
    const { stderr } = await project.run([...failing, ...flags], { env });
    expect(stderr.includes(ESC)).toBe(isColoured);
  });

  it('never touches data: a key on a pipe is bare even with FORCE_COLOR', async () => {
    const { stdout } = await project.run(['keys', 'create', '-n', 'ci', '--color'], { env: { FORCE_COLOR: '3' } });
    expect(stdout).toMatch(BARE_KEY);
    const list = await project.run(['keys', 'list', '--limit', '1', '--json', '--color']);
    expect(list.stdout).not.toContain(ESC);
  });
});

describe('OUTKIT_DEBUG=1', () => {
  it('adds a trace with its cause, without key and token', async () => {
    const { plaintext } = await server.newKey();
    const token = `okl_${'t'.repeat(43)}`;
    const env = { OUTKIT_DEBUG: '1', OUTKIT_TOKEN: token };
    const finished = await project.run(['keys', 'list', '--api-url', 'http://127.0.0.1:1'], { env });
    expect(finished.exitCode).toBe(7);
    expect(finished.stderr).toMatch(/\n {4}at .*\nCaused by: /);
    expect(finished.stderr).not.toContain(token);
    const typed = await project.run(['keys', 'revoke', plaintext], { env: { OUTKIT_DEBUG: '1' } });
    expect(typed.stderr).toMatch(/\n {4}at /);
    expect(typed.stderr).not.toMatch(KEY);
  });

  it('is not needed for a clean message: without it there is no trace', async () => {
    const { stderr } = await project.run(['keys', 'list', '--api-url', 'http://127.0.0.1:1'], {
      env: { OUTKIT_TOKEN: 'any' },
    });
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('leaves the error object of --json alone', async () => {
    const { stderr } = await temporaryProject().run(['keys', 'list', '--json'], { env: { OUTKIT_DEBUG: '1' } });
    expect(Object.keys(JSON.parse(stderr))).toEqual(['error']);
  });
});
