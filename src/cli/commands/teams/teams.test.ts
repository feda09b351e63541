import { expect, it } from 'vitest';
import { Machine } from '../../machine.fixture.ts';
import { TEAM } from '../../people.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

it('teams list is a table, tab-separated lines, or one document', async () => {
  const machine = await Machine.start();
  machine.server.addTeam('Web', 'team_3333333333333333', 'member');
  machine.now += 7_200_000;
  expect((await machine.run(['teams', 'list'], PLAIN)).stdout).toBe(`ID                     NAME   ROLE   CREATED
${TEAM}  Local  owner  2h ago
team_3333333333333333  Web    owner  2h ago
`);
  expect((await machine.run(['teams', 'list'])).stdout.split('\n')[0]).toBe(
    `${TEAM}\tLocal\towner\t2026-11-23T12:00:00.000Z`,
  );
  const { data } = JSON.parse((await machine.run(['teams', 'list', '--json'])).stdout);
  expect(data[0]).toEqual({ id: TEAM, name: 'Local', createdAt: '2026-11-23T12:00:00.000Z', role: 'owner' });
});

it('teams list says when there are none', async () => {
  const machine = await Machine.start();
  machine.server.teams = [];
  expect(await machine.run(['teams', 'list'])).toMatchObject({ exitCode: 0, stdout: '' });
  expect((await machine.run(['people', 'list'])).exitCode).toBe(3);
});

it('teams create asks for a name where it can, and prints the id alone on a pipe', async () => {
  const machine = await Machine.start();
  const asked = await machine.run(['teams', 'create'], { ...PLAIN, answers: ['Acme'] });
  expect([asked.questions, asked.stdout]).toEqual([
    ['Name of the team'],
    expect.stringMatching(/^Created Acme \(team_\w{16}\)\n$/),
  ]);
  expect((await machine.run(['teams', 'create', '-n', 'Other'])).stdout).toMatch(/^team_\w{16}\n$/);
  expect((await machine.run(['teams', 'create'])).exitCode).toBe(2);
  expect((await machine.run(['teams', 'create', '-n', ''])).exitCode).toBe(2);
});

it('teams rename changes the name of that team alone', async () => {
  const machine = await Machine.start();
  machine.server.addTeam('Web', 'team_3333333333333333', 'owner');
  expect((await machine.run(['teams', 'rename', '-n', 'Shop', '--team', 'Web'])).stdout).toBe(
    'Web (team_3333333333333333) is called Shop now\n',
  );
  const json = await machine.run(['teams', 'rename', '-n', 'Home', '--team', TEAM, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ id: TEAM, name: 'Home' });
  expect(machine.server.teams.map(({ team }) => team.name)).toEqual(['Home', 'Shop']);
});

it('profiles go to and come from the team that is named, else that of the active profile', async () => {
  const machine = await Machine.start();
  machine.server.addTeam('Web', 'team_3333333333333333', 'owner');
  const teams: unknown[] = [];
  const { create, list } = machine.profiles;
  machine.overrideProfiles({
    create: (profile, teamId) => {
      teams.push(teamId);
      return create(profile);
    },
    list: (query) => {
      teams.push(query?.teamId);
      return list();
    },
  });
  for (const flags of [[], ['--team', 'Web'], ['--team', TEAM]]) {
    expect((await machine.run(['profiles', 'create', '-n', 'A', ...flags])).exitCode).toBe(0);
    expect((await machine.run(['profiles', 'list', ...flags])).exitCode).toBe(0);
  }
  expect(teams).toEqual([TEAM, TEAM, 'team_3333333333333333', 'team_3333333333333333', TEAM, TEAM]);
  expect((await machine.run(['profiles', 'list', '--team', 'Nowhere'])).exitCode).toBe(3);
});

it.each([['profiles', 'list'], ['profiles', 'create', '-n', 'A'], ['audit'], ['audit', 'verify'], ['people', 'list']])(
  '%s %s asks which team when there are several and no profile says, with a command that works',
  async (...argv) => {
    const machine = await Machine.start();
    machine.server.addTeam('Web', 'team_3333333333333333', 'owner');
    machine.write('outkit.json', '{}');
    const { exitCode, stderr } = await machine.run(argv);
    const what = `You are in several teams: ${TEAM} (Local), team_3333333333333333 (Web)`;
    const hint = `outkit ${argv.join(' ')} --team ${TEAM}`;
    expect([exitCode, stderr]).toEqual([2, `Error: ${what}\n  Try: ${hint}\n`]);
    expect((await machine.run([...argv, '--team', TEAM])).exitCode).toBe(0);
  },
);

it('without an active profile those of all teams are offered', async () => {
  const machine = await Machine.start();
  machine.server.addTeam('Web', 'team_3333333333333333', 'owner');
  machine.write('outkit.json', '{}');
  const { list } = machine.profiles;
  machine.overrideProfiles({
    list: async (query) => {
      const found = await list();
      const isWeb = query?.teamId === 'team_3333333333333333';
      return isWeb ? found.map((profile) => ({ ...profile, id: 'prof_3333333333333333', name: 'Shop' })) : found;
    },
  });
  expect((await machine.run(['keys', 'list'])).stderr).toContain(
    'There are prof_2222222222222222 (Default), prof_3333333333333333 (Shop)\n',
  );
});
