import { expect, it } from 'vitest';
import { type Project, temporaryProject } from './outkit.ts';
import { PeopleServer } from './people-server.ts';
import { ENTER } from './terminal.ts';

const BEN = 'ben@example.com';

async function loggedIn(): Promise<{ server: PeopleServer; project: Project }> {
  const server = await PeopleServer.start();
  const project = temporaryProject({ env: { OUTKIT_API_URL: server.url } });
  await project.run(['login', '--with-token'], { stdin: server.people.start() });
  return { server, project };
}

it('people are listed, invited and uninvited over the control API, and a link can be captured', async () => {
  const { project } = await loggedIn();
  expect((await project.run(['people', 'list'])).stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
    'ann@example.com',
    BEN,
    '',
  ]);
  const { stdout } = await project.run(['people', 'invite', 'new@example.com', '--role', 'admin']);
  expect(stdout).toMatch(/^https:\/\/outkit\.example\.com\/invitation#\w+\n$/);
  expect((await project.run(['people', 'invitations'])).stdout).toMatch(/^new@example\.com\tadmin\tann@example\.com\t/);
  expect((await project.run(['people', 'uninvite', 'new@example.com'])).exitCode).toBe(0);
  expect(await project.run(['people', 'invitations'])).toMatchObject({ stdout: '', exitCode: 0 });
});

it('an invitation on a terminal has its link alone on a line', async () => {
  const { project } = await loggedIn();
  const terminal = project.terminal(['people', 'invite', 'new@example.com']);
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.screen()).toMatch(
    /^Invited new@example\.com to Local as member\n\nhttps:\/\/\S+\n\nShown once; valid 7 days, for one person\. /,
  );
});

it('who is removed or made less is named in a question, whose answer is No until somebody says yes', async () => {
  const { server, project } = await loggedIn();
  await project.run(['people', 'role', BEN, 'admin']);
  const roles = () => server.people.teams[0]?.members.map(({ role }) => role);
  for (const [argv, question] of [
    [['people', 'role', BEN, 'member'], 'Change ben@example.com in Local from admin to member?'],
    [['people', 'remove', BEN], 'Remove ben@example.com, admin, from Local?'],
  ] as const) {
    const no = project.terminal(argv, { columns: 120 });
    await no.answer(question, ENTER);
    expect([await no.exitCode, no.isRestored(), roles()]).toEqual([130, true, ['owner', 'admin']]);
    const { exitCode, stderr } = await project.run(argv);
    expect([exitCode, stderr.includes('Re-run with -y.')]).toEqual([2, true]);
  }
  const yes = project.terminal(['people', 'remove', BEN], { columns: 120 });
  await yes.answer('Remove ben@example.com', 'y');
  expect([await yes.exitCode, roles()]).toEqual([0, ['owner']]);
});

it('teams are created, renamed and listed, and several ask which', async () => {
  const { server, project } = await loggedIn();
  const team = (await project.run(['teams', 'create', '-n', 'Web'])).stdout.trimEnd();
  const { stdout } = await project.run(['teams', 'rename', '--team', team, '-n', 'Shop']);
  expect(stdout).toMatch(/^Web \(team_\w{16}\) is called Shop now\n$/);
  expect((await project.run(['teams', 'list'])).stdout.split('\n')).toHaveLength(3);
  const { exitCode, stderr } = await project.run(['people', 'list']);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/\(Local\), team_\w+ \(Shop\)\n {2}Try: outkit people list --team team_\w+\n$/),
  ]);
  expect((await project.run(['people', 'list', '--team', 'Shop'])).exitCode).toBe(0);
  expect(server.people.teams.map(({ team }) => team.name)).toEqual(['Local', 'Shop']);
});

it('sessions are listed and ended, the last owner stays, and errors of the server keep their exit codes', async () => {
  const { server, project } = await loggedIn();
  server.people.start('elsewhere');
  const rows = (await project.run(['sessions', 'list'])).stdout.replace(/\n$/, '').split('\n');
  expect(rows.map((row) => row.split('\t').at(-1))).toEqual(['this one', '']);
  expect((await project.run(['sessions', 'end', rows[1]?.split('\t')[0] ?? ''])).stdout).toBe('Ended 1 session\n');
  expect((await project.run(['people', 'remove', 'ann@example.com', '-y'])).exitCode).toBe(5);
  server.people.sessions.splice(0);
  const { exitCode, stderr } = await project.run(['people', 'list']);
  expect(exitCode).toBe(4);
  expect(stderr).toContain(`Error: The login to ${server.url} has ended`);
});
