import { expect, it } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import { keepCredential, listLogins } from '../credentials/credential-store.ts';
import { Machine, SERVER } from '../machine.fixture.ts';

const OTHER = 'https://other.example';
const NOTHING = { OUTKIT_TOKEN: '', OUTKIT_API_URL: '' };

async function loggedIn(...servers: string[]) {
  const machine = await Machine.start();
  const io = machine.io();
  for (const server of servers) await keepCredential(server, machine.server.start(), io);
  const run = (flags: string[] = [], env: Record<string, string> = NOTHING) =>
    machine.run(['logout', ...flags], { env });
  return { machine, run, logins: async () => (await listLogins(io)).map(({ server }) => server) };
}

it('ends the session on the server and removes the credential', async () => {
  const { machine, run, logins } = await loggedIn(SERVER);
  const elsewhere = machine.server.start('elsewhere');
  expect(await run()).toMatchObject({ exitCode: 0, stdout: `Logged out of ${SERVER}\n`, stderr: '' });
  expect([await logins(), machine.server.sessions.map(({ credential }) => credential)]).toEqual([[], [elsewhere]]);
  expect(await run([], { ...NOTHING, OUTKIT_API_URL: SERVER })).toMatchObject({
    exitCode: 0,
    stdout: `Not logged in to ${SERVER}\n`,
  });
});

it('is no error where nothing is logged in to and no server is named', async () => {
  const { run } = await loggedIn();
  expect(await run()).toMatchObject({ exitCode: 0, stdout: '', stderr: 'You are logged in to no server\n' });
  expect(JSON.parse((await run(['--json'])).stdout)).toEqual({ data: [], hasMore: false });
});

it('ends all other sessions first with --everywhere', async () => {
  const { machine, run } = await loggedIn(SERVER);
  machine.server.start('laptop');
  machine.server.start('phone');
  const { stdout } = await run(['--everywhere', '--json']);
  const row = { server: SERVER, wasLoggedIn: true, sessionEnded: true, otherSessionsEnded: 2 };
  expect(JSON.parse(stdout)).toEqual({ data: [row], hasMore: false });
  expect(machine.server.sessions).toEqual([]);
});

it('needs to know which of several servers, and leaves the others', async () => {
  const { run, logins } = await loggedIn(SERVER, OTHER);
  expect(await run()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('outkit logout --all') });
  expect((await run(['--api-url', OTHER])).stdout).toBe(`Logged out of ${OTHER}\n`);
  expect(await logins()).toEqual([SERVER]);
});

it('is out of all servers with --all', async () => {
  const { machine, run, logins } = await loggedIn(SERVER, OTHER);
  expect((await run(['--all'])).stdout).toBe(`Logged out of ${SERVER}\nLogged out of ${OTHER}\n`);
  expect([await logins(), machine.server.sessions]).toEqual([[], []]);
  expect(await run(['--all'])).toMatchObject({ exitCode: 0, stdout: '', stderr: 'You are logged in to no server\n' });
});

it('of a server that cannot be reached says so, removes the credential all the same, and is exit 7', async () => {
  const { machine, run, logins } = await loggedIn(SERVER);
  const { servicesFor } = machine.server;
  machine.server.servicesFor = (token) => {
    const services = servicesFor.call(machine.server, token);
    const signOut = () => Promise.reject(new OutkitError('unreachable', `Cannot reach ${SERVER}`));
    return { ...services, me: { ...services.me, signOut } };
  };
  const { exitCode, stdout, stderr } = await run();
  expect(exitCode).toBe(7);
  expect(stderr).toBe(
    `Warning: Cannot reach ${SERVER}. The session there goes on; its credential is removed from here\n`,
  );
  expect(stdout).toBe(`Removed the credential for ${SERVER} from this machine\n`);
  expect([await logins(), machine.server.sessions.length]).toEqual([[], 1]);
});

it('of a session that has ended by itself is no error', async () => {
  const { machine, run, logins } = await loggedIn(SERVER);
  machine.server.sessions.splice(0);
  expect(await run()).toMatchObject({ exitCode: 0, stdout: `Logged out of ${SERVER}\n` });
  expect(await logins()).toEqual([]);
});

it('of a credential that the keychain does not give says so and forgets the login', async () => {
  const machine = await Machine.start();
  machine.keychain = new Map();
  await keepCredential(SERVER, machine.server.start(), machine.io());
  machine.keychain = null;
  const { exitCode, stderr } = await machine.run(['logout'], { env: NOTHING });
  expect([exitCode, await listLogins(machine.io())]).toEqual([1, []]);
  expect(stderr).toContain(`The keychain may still hold the credential for ${SERVER}`);
});

it('warns that OUTKIT_TOKEN is still set', async () => {
  const { run } = await loggedIn(SERVER);
  expect((await run([], { ...NOTHING, OUTKIT_TOKEN: 'token' })).stderr).toContain('OUTKIT_TOKEN is still set');
});

it('sends no credential while certificates are not checked, and changes nothing then', async () => {
  const { machine, run, logins } = await loggedIn(OTHER);
  const { exitCode, stderr } = await run([], { ...NOTHING, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect([exitCode, machine.accesses, await logins()]).toEqual([4, [], [OTHER]]);
  expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
});
