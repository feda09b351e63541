import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DeviceToken } from '../../src/client/device-login.ts';
import { OutkitError } from '../../src/core/errors.ts';
import { type Project, temporaryProject } from './outkit.ts';
import { PeopleServer } from './people-server.ts';
import { answering } from './relay.ts';
import { CTRL_C } from './terminal.ts';

const CREDENTIAL = /okt_[\w-]{43}/;

interface Place {
  readonly server: PeopleServer;
  readonly project: Project;
  /** The file of credentials. */
  readonly path: string;
  /** What the opener of pages was started with. */
  opened(): string[];
}

/** A server with people, and a machine with a display and a program that opens pages. */
async function place(): Promise<Place> {
  const server = await PeopleServer.start();
  const project = temporaryProject({ env: { OUTKIT_API_URL: server.url, DISPLAY: ':0' } });
  mkdirSync(`${project.home}/bin`);
  project.write('../bin/xdg-open', '#!/bin/sh\nprintf "%s\\n" "$#" "$@" >>"$HOME/opened"\n');
  chmodSync(`${project.home}/bin/xdg-open`, 0o755);
  const opened = () => (existsSync(`${project.home}/opened`) ? project.read('../opened').trimEnd().split('\n') : []);
  return { server, project, path: join(project.home, '.config/outkit/credentials.json'), opened };
}

/** With the opener of that machine in the path. */
function withOpener(project: Project, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: `${project.home}/bin:${project.environment()['PATH']}`, ...more };
}

describe('login on a terminal', () => {
  it('shows page and code, opens the page, waits, keeps the credential for itself, and then commands work', async () => {
    const { server, project, path, opened } = await place();
    server.people.redemptions.push('authorization_pending');
    const terminal = project.terminal(['login'], { env: withOpener(project) });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toBe(`Log in to ${server.url}
  Page  ${server.url}/device
  Code  BCDF-GHJK
Enter the code on that page within 10 minutes. Waiting…
Logged in to ${server.url} as ann@example.com (teams: Local)
The credential is kept in ${path}, which only you can read`);
    expect(terminal.isRestored()).toBe(true);
    expect(opened()).toEqual(['1', `${server.url}/device`]);
    const [{ credential } = { credential: '' }] = server.people.sessions;
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ servers: { [server.url]: { credential } } });
    expect([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(terminal.output()).not.toMatch(CREDENTIAL);

    const { stdout, exitCode } = await project.run(['people', 'list'], { env: { OUTKIT_API_URL: '' } });
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 3]);
    expect(server.of('/api/auth/device/token')).toHaveLength(2);
    for (const { path: asked, authorization } of server.seen) {
      expect([asked, authorization]).toEqual([asked, asked.startsWith('/api/auth/') ? '' : `Bearer ${credential}`]);
    }
  });

  it.each([
    ['--no-browser', ['--no-browser'], {}],
    ['SSH', [], { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }],
    ['no display', [], { DISPLAY: '' }],
    ['CI', [], { CI: 'true' }],
  ])('opens no browser with %s', async (_, flags, env) => {
    const { project, opened } = await place();
    const terminal = project.terminal(['login', ...flags], { env: withOpener(project, env) });
    expect(await terminal.exitCode).toBe(0);
    expect(opened()).toEqual([]);
  });

  it('goes on when the browser does not open', async () => {
    const { project } = await place();
    project.write('../bin/xdg-open', '#!/bin/sh\nexit 3\n');
    const terminal = project.terminal(['login'], { env: withOpener(project) });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toContain('No browser opens here: open the page yourself\n');
  });

  it('ended by Ctrl-C is exit 130 and leaves nothing', async () => {
    const { server, project, path } = await place();
    server.people.interval = 60;
    const terminal = project.terminal(['login', '--no-browser']);
    await terminal.answer('Waiting…', CTRL_C);
    expect(await terminal.exitCode).toBe(130);
    expect(terminal.screen()).toMatch(/\nCancelled: nobody was logged in$/);
    expect([terminal.isRestored(), existsSync(path)]).toEqual([true, false]);
  });

  it('ended by Ctrl-C while the session is on its way ends that session too', async () => {
    const { server, project, path } = await place();
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer = (_: DeviceToken) => {};
    server.people.redemptions.push(() => {
      asked();
      return new Promise<DeviceToken>((resolve) => {
        answer = resolve;
      });
    });
    const terminal = project.terminal(['login', '--no-browser']);
    await isAsked;
    terminal.type(CTRL_C);
    // The terminal shows the key, and the program then goes to the next line.
    await vi.waitFor(() => expect(terminal.output()).toContain('^C\r\n'));
    answer({ kind: 'started', credential: server.people.start() });
    expect(await terminal.exitCode).toBe(130);
    expect([server.people.sessions, existsSync(path), server.of('/v1/me/sign-out').length]).toEqual([[], false, 1]);
  });
});

describe('login without a terminal', () => {
  it('shows page and code on standard error, waits, and prints who it is', async () => {
    const { server, project, opened } = await place();
    const { stdout, stderr, exitCode } = await project.run(['login'], { env: withOpener(project) });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`  Page  ${server.url}/device\n  Code  BCDF-GHJK\n`);
    expect(stdout).toMatch(/^Logged in to \S+ as ann@example\.com \(teams: Local\)\nThe credential is kept in /);
    expect(`${stdout}${stderr}`).not.toMatch(CREDENTIAL);
    expect(opened()).toEqual([]);
  });

  it('is one document with --json', async () => {
    const { server, project } = await place();
    const { stdout } = await project.run(['login', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      server: server.url,
      person: { email: 'ann@example.com' },
      keptIn: 'file',
    });
    expect(stdout).not.toMatch(CREDENTIAL);
  });

  it('waits longer once the server says slow_down, and outlives answers of a server that is away', async () => {
    const { server, project } = await place();
    server.people.redemptions.push(() => Promise.reject(new OutkitError('unavailable', 'starting')), 'slow_down');
    expect((await project.run(['login'])).exitCode).toBe(0);
    const [, slow, last] = server.of('/api/auth/device/token').map(({ at }) => at);
    expect((last ?? 0) - (slow ?? 0)).toBeGreaterThanOrEqual(5990);
  });

  it.each([
    ['access_denied', 'The login was denied in the browser'],
    ['expired_token', 'The code expired before somebody let this device in'],
  ] as const)('is exit 4 for %s', async (answer, message) => {
    const { server, project, path } = await place();
    server.people.redemptions.push(answer);
    const { stdout, stderr, exitCode } = await project.run(['login', '--json']);
    expect([stdout, exitCode, existsSync(path)]).toEqual(['', 4, false]);
    expect(JSON.parse(stderr.split('\n').at(-2) ?? '')).toMatchObject({ error: { code: 'not_logged_in', message } });
  });

  it.each(['https://evil.example/device', 'javascript:alert(1)', 'file:///etc/passwd', 'http://ann@127.0.0.1/'])(
    'to a server that sends people to %s is refused before anything is shown or opened',
    async (page) => {
      const { server, project, opened } = await place();
      server.page = page;
      const terminal = project.terminal(['login'], { env: withOpener(project) });
      expect(await terminal.exitCode).toBe(1);
      expect(terminal.screen()).not.toContain('Page');
      expect(opened()).toEqual([]);
    },
  );

  it('to what is no server with people is an error of one line', async () => {
    const { project } = await place();
    for (const [status, body, code] of [
      [200, '{}', 1],
      [404, 'no', 1],
      [502, '<html>', 7],
    ] as const) {
      const url = await answering(status, 'text/html', body);
      const { stderr, exitCode } = await project.run(['login', '--api-url', url]);
      expect([status, exitCode]).toEqual([status, code]);
      expect(stderr).toMatch(/^Error: .*\n {2}Try: .*\n$/);
    }
    expect((await project.run(['login', '--api-url', 'http://127.0.0.1:1'])).exitCode).toBe(7);
  });

  it('again replaces the credential and ends the session before', async () => {
    const { server, project, path } = await place();
    await project.run(['login']);
    const first = readFileSync(path, 'utf8');
    await project.run(['login']);
    expect(readFileSync(path, 'utf8')).not.toBe(first);
    expect(server.people.sessions).toHaveLength(1);
    expect((await project.run(['whoami'])).exitCode).toBe(0);
  });
});

describe('login --with-token', () => {
  it('reads the credential from standard input and asks the server whose it is', async () => {
    const { server, project, path } = await place();
    const credential = server.people.start();
    const { stdout, stderr, exitCode } = await project.run(['login', '--with-token'], { stdin: `${credential}\n` });
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(stdout).toContain('as ann@example.com');
    expect(readFileSync(path, 'utf8')).toContain(credential);
    expect(server.seen.map((request) => request.path)).toEqual(['/v1/me']);
  });

  it('refuses a key, nonsense, and what the server does not take, and keeps nothing', async () => {
    const { server, project, path } = await place();
    for (const [stdin, code] of [
      [`oks_${'A'.repeat(38)}`, 2],
      ['', 2],
      ['x'.repeat(100_000), 2],
      [`okt_${'A'.repeat(43)}`, 4],
    ] as const) {
      const { stdout, stderr, exitCode } = await project.run(['login', '--with-token'], { stdin });
      expect([stdout, exitCode, existsSync(path)]).toEqual(['', code, false]);
      expect(stderr).not.toContain('AAAAAAAA');
    }
    expect(server.seen).toHaveLength(1);
  });
});

describe('the keychain', () => {
  it.runIf(process.platform === 'linux')(
    'that never answers is given up, and the credential is in the file',
    async () => {
      const { server, project, path } = await place();
      const socket = join(project.home, 'bus');
      let connections = 0;
      const bus = createServer(() => {
        connections += 1;
      });
      onTestFinished(() => void bus.close());
      await new Promise<void>((resolve) => bus.listen(socket, resolve));
      const env = { OUTKIT_NO_KEYCHAIN: '', DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
      const { stdout, exitCode } = await project.run(['login'], { env });
      expect([exitCode, connections]).toEqual([0, 1]);
      expect(stdout).toContain(`The credential is kept in ${path}, which only you can read: no keychain took it\n`);
      expect((await project.run(['whoami'], { env })).exitCode).toBe(0);
      expect(server.people.sessions).toHaveLength(1);
    },
  );

  it('is not asked with OUTKIT_NO_KEYCHAIN=1', async () => {
    const { project } = await place();
    expect((await project.run(['login'])).stdout).toMatch(/which only you can read\n$/);
  });
});

describe('logout', () => {
  it('ends the session, here and there', async () => {
    const { server, project, path } = await place();
    await project.run(['login']);
    const { stdout, exitCode } = await project.run(['logout']);
    expect([stdout, exitCode]).toEqual([`Logged out of ${server.url}\n`, 0]);
    expect([server.people.sessions, readFileSync(path, 'utf8')]).toEqual([[], '{\n  "servers": {}\n}\n']);
    const after = await project.run(['whoami']);
    expect(after.exitCode).toBe(4);
    expect(after.stderr).toContain(`Try: outkit login --api-url ${server.url}\n`);
  });

  it('of a server that is gone says so and removes the credential: exit 7', async () => {
    const { server, project, path } = await place();
    await project.run(['login']);
    await server.stop();
    const { stderr, exitCode } = await project.run(['logout']);
    expect([exitCode, readFileSync(path, 'utf8')]).toEqual([7, '{\n  "servers": {}\n}\n']);
    expect(stderr).toMatch(
      /^Warning: Cannot reach .* The session there goes on; its credential is removed from here\n$/,
    );
  });

  it('of one server leaves the other, and each gets its own credential only', async () => {
    const { server, project } = await place();
    const other = await PeopleServer.start();
    await project.run(['login']);
    other.people.redemptions.push(() => ({ kind: 'started', credential: other.people.start('theirs') }));
    await project.run(['login', '--api-url', other.url]);
    const [mine, theirs] = [server, other].map(({ people }) => people.sessions[0]?.credential ?? '');
    const env = { OUTKIT_API_URL: '' };
    expect((await project.run(['whoami'], { env })).exitCode).toBe(2);
    expect((await project.run(['logout', '--api-url', other.url], { env })).exitCode).toBe(0);
    expect((await project.run(['whoami'], { env })).stdout).toContain(`server\t${server.url}\nserverSource\tlogin\n`);
    expect(JSON.stringify(server.seen)).not.toContain(theirs);
    expect(JSON.stringify(other.seen)).not.toContain(mine);
  });
});
