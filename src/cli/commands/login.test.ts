import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import { renewLocalCredential, writeDevServerRecord } from '../dev-server-record.ts';
import { Machine, type MachineOptions, SERVER } from '../machine.fixture.ts';
import { credentialOf } from '../people.fixture.ts';

const NO_TOKEN = { OUTKIT_TOKEN: '' };
const PLAIN = { ...NO_TOKEN, NO_COLOR: '1' };
const TOLD = `Log in to ${SERVER}
  Page  ${SERVER}/device
  Code  BCDF-GHJK
Enter the code on that page within 10 minutes. Waiting…
`;

const login = (machine: Machine, flags: readonly string[] = [], options: MachineOptions = {}) =>
  machine.run(['login', ...flags], { env: NO_TOKEN, ...options });

function kept(machine: Machine): string {
  const path = join(machine.home, '.config/outkit/credentials.json');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('login', () => {
  it('shows page and code before the browser opens, waits, keeps the credential and says where', async () => {
    const machine = await Machine.start();
    machine.server.redemptions.push('authorization_pending', 'authorization_pending');
    let shown = '';
    const { exitCode, stdout, stderr, opened, waits } = await login(machine, [], {
      tty: true,
      env: PLAIN,
      waiting: (io) => {
        shown ||= `${io.written.stderr}${io.opened}`;
      },
    });
    expect(exitCode).toBe(0);
    expect([stderr, opened, shown]).toEqual([TOLD, [`${SERVER}/device`], `${TOLD}${SERVER}/device`]);
    const path = join(machine.home, '.config/outkit/credentials.json');
    expect(stdout).toBe(`Logged in to ${SERVER} as ann@example.com (teams: Local)
The credential is kept in ${path}, which only you can read: no keychain took it
`);
    expect(waits).toEqual([5000, 5000, 5000]);
    expect(kept(machine)).toContain(machine.server.sessions[0]?.credential);
    expect(`${stdout}${stderr}`).not.toContain('okt_');
  });

  it('keeps it in the keychain where there is one', async () => {
    const machine = await Machine.start();
    machine.keychain = new Map();
    const { stdout } = await login(machine);
    expect(stdout).toContain('\nThe credential is kept in the keychain of this machine\n');
    expect([...machine.keychain.keys()]).toEqual([SERVER]);
    expect(kept(machine)).not.toContain('okt_');
  });

  it('opens no browser with --no-browser, or where nobody sits, and goes on where there is none', async () => {
    const machine = await Machine.start();
    expect((await login(machine, ['--no-browser'], { tty: true })).opened).toEqual([]);
    expect((await login(machine)).opened).toEqual([]);
    expect((await login(machine, ['--no-input'], { tty: true })).opened).toEqual([]);
    const without = await login(machine, [], { tty: true, browser: 'missing' });
    expect([without.exitCode, without.stderr]).toEqual([0, `${TOLD}No browser opens here: open the page yourself\n`]);
  });

  it('is one document with --json, and page and code stand on standard error all the same', async () => {
    const machine = await Machine.start();
    const { stdout, stderr } = await login(machine, ['--json']);
    expect(JSON.parse(stdout)).toEqual({
      server: SERVER,
      person: { id: 'person_2222222222222222', email: 'ann@example.com', name: 'Ann' },
      teams: [{ id: 'team_2222222222222222', name: 'Local', role: 'owner' }],
      session: { id: machine.server.sessions[0]?.session.id, expiresAt: expect.stringMatching(/Z$/) },
      keptIn: 'file',
    });
    expect(stderr).toBe(TOLD);
  });

  it('asks less often when the server says slow_down, and outlives a network that is away for a while', async () => {
    const machine = await Machine.start();
    const away = () => Promise.reject(new OutkitError('unreachable', 'away'));
    machine.server.redemptions.push('authorization_pending', 'slow_down', away, 'slow_down');
    const { exitCode, waits } = await login(machine);
    expect([exitCode, waits]).toEqual([0, [5000, 5000, 10_000, 10_000, 15_000]]);
  });

  it.each([
    ['access_denied', 'The login was denied in the browser'],
    ['expired_token', 'The code expired before somebody let this device in'],
    ['invalid_grant', 'The server knows the code of this login no more'],
  ] as const)('is exit 4 for %s, and keeps nothing', async (answer, message) => {
    const machine = await Machine.start();
    machine.server.redemptions.push('authorization_pending', answer);
    const { exitCode, stdout, stderr } = await login(machine);
    expect([exitCode, stdout, kept(machine)]).toEqual([4, '', '']);
    expect(stderr).toContain(`Error: ${message}\n`);
  });

  it('ends by its own clock when the server never says that the code has expired', async () => {
    const machine = await Machine.start();
    machine.server.redemptions.push(...Array.from({ length: 200 }, () => 'authorization_pending' as const));
    const { exitCode, waits } = await login(machine);
    expect([exitCode, waits.length, machine.server.polls]).toEqual([4, 120, 119]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('ended by %s while it waits keeps nothing', async (signal, code) => {
    const machine = await Machine.start();
    const { exitCode, stdout } = await login(machine, [], { waiting: (io) => io.signal(signal) });
    expect([exitCode, stdout, kept(machine), machine.server.polls]).toEqual([code, '', '', 0]);
  });

  it('ended while the answer with the session is on its way ends that session', async () => {
    const machine = await Machine.start();
    const io = machine.io({ env: NO_TOKEN });
    machine.server.redemptions.push(() => {
      io.signal('SIGINT');
      return { kind: 'started', credential: machine.server.start() };
    });
    expect(await machine.runWith(['login'], io)).toMatchObject({ exitCode: 130 });
    expect([machine.server.sessions, kept(machine)]).toEqual([[], '']);
  });

  it('that cannot be kept ends its session, and one that never could is not asked for', async () => {
    const machine = await Machine.start();
    machine.server.redemptions.push(() => {
      chmodSync(join(machine.home, '.config/outkit'), 0o755);
      return { kind: 'started', credential: machine.server.start() };
    });
    mkdirSync(join(machine.home, '.config/outkit'), { recursive: true, mode: 0o700 });
    const late = await login(machine);
    expect([late.exitCode, machine.server.sessions]).toEqual([1, []]);
    const early = await login(machine);
    expect([early.exitCode, early.stderr.includes('Code')]).toEqual([1, false]);
    expect(early.stderr).toContain('chmod 700');
  });

  it('to the same server again replaces the credential and ends the session before', async () => {
    const machine = await Machine.start();
    await login(machine);
    const [first] = machine.server.sessions;
    await login(machine);
    expect(machine.server.sessions.map(({ credential }) => kept(machine).includes(credential))).toEqual([true]);
    expect(kept(machine)).not.toContain(first?.credential);
  });

  it('says so when the session before cannot be ended, since the keychain does not give its credential', async () => {
    const machine = await Machine.start();
    machine.keychain = new Map();
    await login(machine);
    machine.keychain = null;
    const { exitCode, stderr } = await login(machine);
    expect([exitCode, machine.server.sessions.length]).toEqual([0, 2]);
    expect(stderr).toContain('Warning: The session of the login before could not be ended.');
  });

  it('needs a server that is named, and none of outkit dev', async () => {
    const machine = await Machine.start();
    const nowhere = { env: { ...NO_TOKEN, OUTKIT_API_URL: '' } };
    expect(await login(machine, [], nowhere)).toMatchObject({
      exitCode: 2,
      stderr: 'Error: No server to log in to is named\n  Try: outkit login --api-url <url>\n',
    });
    const directory = join(machine.cwd, '.outkit');
    await writeDevServerRecord(directory, { url: SERVER, pid: process.pid, startedAt: machine.now });
    await renewLocalCredential(directory, (bytes) => bytes);
    const dev = await login(machine, [], nowhere);
    expect([dev.exitCode, dev.stderr.includes('needs no login')]).toEqual([5, true]);
  });

  it('warns that OUTKIT_TOKEN goes before it', async () => {
    const machine = await Machine.start();
    expect((await login(machine, [], { env: {} })).stderr).toContain('Warning: OUTKIT_TOKEN is set');
  });
});

describe('login --with-token', () => {
  const withToken = (machine: Machine, input: string, options: MachineOptions = {}, ...flags: string[]) =>
    login(machine, ['--with-token', ...flags], { input, ...options });

  it('keeps a credential that the server takes, and ends no session with it', async () => {
    const machine = await Machine.start();
    const credential = machine.server.start();
    for (let times = 0; times < 2; times++) {
      const { exitCode, stdout, stderr } = await withToken(machine, `${credential}\n`);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain('as ann@example.com (teams: Local)\n');
    }
    expect(kept(machine)).toContain(credential);
    expect(machine.server.isSignedIn(credential)).toBe(true);
  });

  it.each([
    ['an API key', `oks_${'A'.repeat(38)}`, 2],
    ['the credential of outkit dev', `okl_${'A'.repeat(43)}`, 2],
    ['nothing', '', 2],
    ['too much', 'a'.repeat(5000), 2],
    ['two credentials', `${credentialOf('a')}\n${credentialOf('b')}`, 2],
    ['a credential that the server does not take', credentialOf('a'), 4],
  ])('refuses %s, keeps nothing and repeats nothing', async (_, input, code) => {
    const machine = await Machine.start();
    const { exitCode, stdout, stderr } = await withToken(machine, input);
    expect([exitCode, stdout, kept(machine)]).toEqual([code, '', '']);
    if (input !== '') expect(stderr).not.toContain(input.slice(0, 40));
    if (code === 2) expect(machine.accesses).toEqual([]);
  });

  it('sends it to no server that only outkit.json names, and reads it from no terminal', async () => {
    const machine = await Machine.start();
    machine.write('outkit.json', '{ "apiUrl": "https://evil.example" }');
    const env = { ...NO_TOKEN, OUTKIT_API_URL: '' };
    const hostile = await withToken(machine, credentialOf('a'), { env });
    expect([hostile.exitCode, machine.accesses]).toEqual([4, []]);
    expect(hostile.stderr).toContain('if you trust it, --api-url https://evil.example');
    expect((await withToken(machine, credentialOf('a'), { tty: true })).exitCode).toBe(2);
  });

  it('is not how a credential is told from an argument', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await withToken(machine, '', {}, credentialOf('a'));
    expect([exitCode, stderr.includes('treat it as leaked')]).toEqual([2, true]);
    expect(stderr).not.toContain(credentialOf('a'));
  });
});
