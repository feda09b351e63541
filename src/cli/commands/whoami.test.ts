import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepCredential } from '../credentials/credential-store.ts';
import { ESC, Machine, SERVER } from '../machine.fixture.ts';
import { ANN, TEAM } from '../people.fixture.ts';

const NO_TOKEN = { OUTKIT_TOKEN: '', NO_COLOR: '1' };

async function loggedIn() {
  const machine = await Machine.start();
  await keepCredential(SERVER, machine.server.start(), machine.io());
  return machine;
}

it('says person, teams and roles, server, credential and end on a terminal', async () => {
  const machine = await loggedIn();
  machine.server.addTeam('Web', 'team_3333333333333333', 'member');
  const { stdout, exitCode } = await machine.run(['whoami'], { tty: true, env: NO_TOKEN });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^ {2}Person      ann@example.com \\(Ann\\)
  Teams       Local \\(owner\\), Web \\(member\\)
  Server      ${SERVER} \\(from OUTKIT_API_URL\\)
  Credential  ${join(machine.home, '.config/outkit/credentials.json')}, which only you can read
  Ends        2026-12-23 \\d\\d:\\d\\d
$`),
  );
});

it('is a field in each line on a pipe, and one document with --json', async () => {
  const machine = await loggedIn();
  const { stdout } = await machine.run(['whoami'], { env: NO_TOKEN });
  expect(stdout).toBe(
    [
      `server\t${SERVER}`,
      'serverSource\tenvironment',
      'credential\tfile',
      `personId\t${ANN.id}`,
      'email\tann@example.com',
      'name\tAnn',
      `team\t${TEAM}\tLocal\towner`,
      'expiresAt\t2026-12-23T12:00:00.000Z',
      '',
    ].join('\n'),
  );
  const json = await machine.run(['whoami', '--json'], { env: NO_TOKEN });
  expect(JSON.parse(json.stdout)).toEqual({
    server: { url: SERVER, source: 'environment' },
    credential: 'file',
    person: ANN,
    teams: [{ id: TEAM, name: 'Local', role: 'owner' }],
    session: { id: machine.server.sessions[0]?.session.id, expiresAt: '2026-12-23T12:00:00.000Z' },
  });
});

it('of a credential that is nobody has no person and no end', async () => {
  const machine = await Machine.start();
  const { stdout } = await machine.run(['whoami', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ credential: 'OUTKIT_TOKEN', person: null, session: null });
  expect((await machine.run(['whoami'], { tty: true })).stdout).toContain('nobody: the local credential of outkit dev');
});

it('is exit 4 when nobody is logged in, and says how to', async () => {
  const machine = await Machine.start();
  const { exitCode, stdout, stderr } = await machine.run(['whoami'], { env: NO_TOKEN });
  expect([exitCode, stdout]).toEqual([4, '']);
  expect(stderr).toBe(`Error: There is no credential for ${SERVER}\n  Try: outkit login --api-url ${SERVER}\n`);
});

it('writes out what would act on the terminal', async () => {
  const machine = await loggedIn();
  machine.server.addTeam(`${ESC}[2J\tevil`, 'team_3333333333333333', 'member');
  for (const tty of [true, false]) {
    const { stdout } = await machine.run(['whoami'], { tty, env: NO_TOKEN });
    expect(stdout).toContain('\\x1b[2J\\x09evil');
    expect(stdout).not.toContain(`${ESC}[2J`);
  }
});
