import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../core/clock.ts';
import { ESC, Machine } from '../../machine.fixture.ts';
import { ANN, BEN, TEAM } from '../../people.fixture.ts';

const WEB = 'team_3333333333333333';
const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

/** The roles of Ann and Ben in a team. */
function rolesIn(machine: Machine, id = TEAM) {
  const team = machine.server.teams.find((people) => people.team.id === id);
  return Object.fromEntries(
    team?.members.map(({ personId, role }) => [personId === ANN.id ? 'ann' : 'ben', role]) ?? [],
  );
}

async function withTwoTeams(): Promise<Machine> {
  const machine = await Machine.start();
  machine.server.addTeam('Web', WEB, 'owner');
  return machine;
}

describe('people list', () => {
  it('is a table, tab-separated lines, or one document', async () => {
    const machine = await Machine.start();
    machine.now += 3 * DAY_MS;
    const { stdout } = await machine.run(['people', 'list'], PLAIN);
    expect(stdout).toBe(`EMAIL            NAME  ROLE    SINCE   ID
ann@example.com  Ann   owner   3d ago  ${ANN.id}
ben@example.com  Ben   member  3d ago  ${BEN.id}
`);
    expect((await machine.run(['people', 'list'])).stdout.split('\n')[1]).toBe(
      `ben@example.com\tBen\tmember\t2026-11-23T12:00:00.000Z\t${BEN.id}`,
    );
    const { data, hasMore } = JSON.parse((await machine.run(['people', 'list', '--json'])).stdout);
    expect([data[0], data.length, hasMore]).toEqual([
      { personId: ANN.id, email: ANN.email, name: 'Ann', role: 'owner', since: '2026-11-23T12:00:00.000Z' },
      2,
      false,
    ]);
  });

  it.each([40, 59, 60, 80])('keeps within %i columns, ids whole', async (columns) => {
    const machine = await Machine.start();
    const { stdout } = await machine.run(['people', 'list'], { ...PLAIN, columns });
    expect(stdout).toContain(BEN.id);
    expect(stdout.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });
});

describe('the team', () => {
  it('is the one of the flag, by id or name, else that of the active profile, else the only one', async () => {
    const machine = await withTwoTeams();
    const invitedTo = async (...flags: string[]) => {
      const before = machine.server.teams;
      const { exitCode } = await machine.run(['people', 'invite', 'new@example.com', ...flags]);
      const changed = machine.server.teams.find((people, index) => people !== before[index]);
      return changed?.team.name ?? exitCode;
    };
    expect(await invitedTo('--team', WEB)).toBe('Web');
    expect(await invitedTo('--team', 'Local')).toBe('Local');
    expect(await invitedTo()).toBe('Local');
    const { find } = machine.profiles;
    machine.overrideProfiles({ find: async (id) => ({ ...(await find(id)), teamId: WEB }) });
    expect(await invitedTo()).toBe('Web');
    expect(await invitedTo('--team', 'Local')).toBe('Local');
    machine.write('outkit.json', '{ "profile": "prof_3333333333333333" }');
    expect(await invitedTo()).toBe(2);
    machine.server.teams = machine.server.teams.slice(0, 1);
    expect(await invitedTo()).toBe('Local');
  });

  it('is asked for with all there are, and a command that can be pasted', async () => {
    const machine = await withTwoTeams();
    machine.write('outkit.json', '{}');
    const { exitCode, stderr } = await machine.run(['people', 'list', '--no-color']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `Error: You are in several teams: ${TEAM} (Local), ${WEB} (Web)\n  Try: outkit people list --team ${TEAM} --no-color\n`,
    );
    expect(await machine.run(['people', 'list', '--team', 'Nowhere'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`Try: outkit people list --team ${TEAM}`),
    });
    machine.server.addTeam('Web', 'team_4444444444444444', 'owner');
    const twins = await machine.run(['people', 'list', '--team', 'Web']);
    expect([twins.exitCode, twins.stderr.includes(`${WEB} (Web), team_4444444444444444 (Web)`)]).toEqual([2, true]);
  });
});

describe('people invite', () => {
  it('shows the link alone on its line, and only the link on a pipe', async () => {
    const machine = await Machine.start();
    const shown = await machine.run(['people', 'invite', 'New@Example.com', '--role', 'admin'], PLAIN);
    expect(shown.stdout).toMatch(
      /^Invited new@example\.com to Local as admin\n\nhttps:\/\/outkit\.example\.com\/invitation#\w+\n\nShown once; valid 7 days, for one person\. Pass it on yourself\.\n$/,
    );
    const piped = await machine.run(['people', 'invite', 'other@example.com']);
    expect(piped).toMatchObject({ stderr: '', stdout: expect.stringMatching(/^https:\S+\n$/) });
    const json = JSON.parse((await machine.run(['people', 'invite', 'third@example.com', '--json'])).stdout);
    expect(json).toMatchObject({
      email: 'third@example.com',
      role: 'member',
      isMailed: null,
      expiresAt: '2026-11-30T12:00:00.000Z',
    });
    expect(Object.keys(json)).not.toContain('tokenHash');
  });

  it('refuses what is no address or role, before it asks the server, and repeats no address', async () => {
    const machine = await Machine.start();
    for (const address of ['new', 'a b@example.com', `${'a'.repeat(250)}@example.com`, `x@y\n`]) {
      const { exitCode, stderr } = await machine.run(['people', 'invite', address]);
      expect([exitCode, stderr]).toEqual([
        2,
        'Error: That is no e-mail address\n  Try: outkit people invite ben@example.com\n',
      ]);
    }
    expect((await machine.run(['people', 'invite', 'a@example.com', '--role', 'king'])).exitCode).toBe(2);
    expect(machine.accesses).toEqual([]);
  });
});

describe('people invitations and uninvite', () => {
  it('list what can be accepted, and end it by address or id', async () => {
    const machine = await Machine.start();
    await machine.run(['people', 'invite', 'one@example.com']);
    await machine.run(['people', 'invite', 'two@example.com', '--role', 'admin']);
    machine.now += DAY_MS;
    const { stdout } = await machine.run(['people', 'invitations'], PLAIN);
    const [heading, , two = ''] = stdout.split('\n');
    expect(heading).toMatch(/^EMAIL +ROLE +INVITED BY +EXPIRES +ID$/);
    expect(two).toMatch(/^two@example\.com +admin +ann@example\.com +in 6d +inv_\w{16}$/);
    expect(await machine.run(['people', 'uninvite', two.slice(-20)])).toMatchObject({
      stdout: 'Ended the invitation of two@example.com to Local\n',
    });
    const json = await machine.run(['people', 'uninvite', 'ONE@example.com', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ email: 'one@example.com', teamId: TEAM });
    expect(await machine.run(['people', 'invitations'])).toMatchObject({
      stdout: '',
      stderr: 'No invitations. Invite somebody: outkit people invite <email>\n',
    });
    expect((await machine.run(['people', 'uninvite', 'one@example.com'])).exitCode).toBe(3);
    expect((await machine.run(['people', 'uninvite', 'one'])).exitCode).toBe(2);
  });
});

describe('people role', () => {
  it('gives more without a question', async () => {
    const machine = await Machine.start();
    const { stdout, questions } = await machine.run(['people', 'role', BEN.email, 'admin'], PLAIN);
    expect([stdout, questions]).toEqual(['ben@example.com is admin of Local now\n', []]);
    const json = await machine.run(['people', 'role', BEN.id, 'owner', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ personId: BEN.id, role: 'owner' });
    expect(rolesIn(machine)).toEqual({ ann: 'owner', ben: 'owner' });
  });

  it('takes away after a yes only: No is preselected, and without a terminal it needs -y', async () => {
    const machine = await Machine.start();
    await machine.run(['people', 'role', BEN.email, 'owner']);
    const demote = ['people', 'role', BEN.email, 'member'];
    const no = await machine.run(demote, { ...PLAIN, answers: [false] });
    expect([no.exitCode, no.questions]).toEqual([
      130,
      ['Change ben@example.com in Local from owner to member? They can do less there from then on.'],
    ]);
    const unasked = await machine.run(demote);
    expect([unasked.exitCode, rolesIn(machine)['ben']]).toEqual([2, 'owner']);
    expect(unasked.stderr).toContain(`Try: outkit people role ${BEN.email} member -y`);
    expect((await machine.run(demote, { ...PLAIN, answers: [true] })).exitCode).toBe(0);
    expect(rolesIn(machine)['ben']).toBe('member');
  });

  it('of the last owner is exit 5, of nobody exit 3, and what is no person or role exit 2', async () => {
    const machine = await Machine.start();
    const exit = async (...argv: string[]) => (await machine.run(['people', 'role', ...argv])).exitCode;
    expect(await exit(ANN.email, 'member', '-y')).toBe(5);
    expect(await exit('nobody@example.com', 'member')).toBe(3);
    expect(await exit('person_9999999999999999', 'member')).toBe(3);
    expect(await exit('ben', 'member')).toBe(2);
    expect(await exit(BEN.email, 'king')).toBe(2);
  });
});

describe('people remove', () => {
  it('asks, with No preselected; -y does not', async () => {
    const machine = await Machine.start();
    const argv = ['people', 'remove', BEN.email];
    const no = await machine.run(argv, { ...PLAIN, answers: [false] });
    expect([no.exitCode, no.questions]).toEqual([
      130,
      ['Remove ben@example.com, member, from Local? They reach nothing of it from then on.'],
    ]);
    expect(rolesIn(machine)).toEqual({ ann: 'owner', ben: 'member' });
    const { stdout } = await machine.run([...argv, '-y', '--json']);
    expect(JSON.parse(stdout)).toEqual({ personId: BEN.id, email: BEN.email, teamId: TEAM });
    expect(rolesIn(machine)).toEqual({ ann: 'owner' });
  });

  it('without a terminal and -y does not even look', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(['people', 'remove', BEN.email]);
    expect([exitCode, machine.accesses]).toEqual([2, []]);
    expect(stderr).toContain('Refusing to remove without confirmation. Re-run with -y.');
  });

  it('of the last owner is exit 5', async () => {
    const machine = await Machine.start();
    expect((await machine.run(['people', 'remove', ANN.email, '-y'])).exitCode).toBe(5);
  });
});

it('people, teams and invitations from a server cannot act on the terminal', async () => {
  const machine = await withTwoTeams();
  const evil = `${ESC}[2Jevil\n`;
  machine.server.addTeam(evil, 'team_5555555555555555', 'owner');
  const team = ['--team', 'team_5555555555555555'];
  const runs = [
    await machine.run(['teams', 'list']),
    await machine.run(['teams', 'list'], PLAIN),
    await machine.run(['people', 'remove', BEN.email, ...team], { ...PLAIN, answers: [true] }),
    await machine.run(['people', 'invite', 'a@example.com', ...team], PLAIN),
    await machine.run(['people', 'list']),
  ];
  const written = runs.map(({ stdout, stderr, questions }) => `${stdout}${stderr}${questions}`);
  for (const text of written) expect(text).not.toContain(ESC);
  expect(written.join('').match(/\\x1b\[2Jevil\\x0a/g)?.length).toBeGreaterThanOrEqual(runs.length);
});

it.each([
  [['people', 'add', 'a@example.com'], 'outkit people invite a@example.com'],
  [['people', 'rm', 'a@example.com'], 'outkit people remove a@example.com'],
  [['teams', 'ls'], 'outkit teams list'],
  [['sessions', 'revoke', 'x'], 'outkit sessions end x'],
])('%j is told what it is called here', async (argv, hint) => {
  const machine = await Machine.start();
  expect((await machine.run(argv)).stderr).toContain(`  Try: ${hint}\n`);
});
