import { expect, it, onTestFinished } from 'vitest';
import { AccountsServer } from '../accounts-server.ts';
import { headerOf } from '../http/raw-http.ts';
import type { RawBrowser } from '../raw-browser.ts';
import { BARE_KEY, type Project, temporaryProject } from './outkit.ts';

const CREDENTIAL = /okt_[\w-]{43}/;

async function served() {
  const server = await AccountsServer.start();
  onTestFinished(() => server.stop());
  const owner = await server.owner();
  const browser = server.browser();
  browser.cookies.set('outkit', owner.credential);
  return { server, owner, browser, project: temporaryProject({ env: { OUTKIT_API_URL: server.url } }) };
}

/** Logs in on a terminal; the person types the code that stands there into the page, and decides. */
async function logIn(project: Project, browser: RawBrowser, decision: 'let_in' | 'send_away') {
  const terminal = project.terminal(['login', '--no-browser']);
  await terminal.waitFor('Waiting…');
  const [, page = ''] = /Page {2}(\S+)/.exec(terminal.screen()) ?? [];
  const [, code = ''] = /Code {2}([B-Z]{4}-[B-Z]{4})$/m.exec(terminal.screen()) ?? [];
  await browser.get(new URL(page).pathname);
  const found = await browser.post('/device', { user_code: code });
  const question = headerOf(found, 'location') ?? '';
  expect((await browser.get(question)).body).toContain(code);
  expect(headerOf(await browser.post(question, { decision }), 'location')).toMatch(/^\/device\/result\?/);
  return { exitCode: await terminal.exitCode, screen: terminal.screen(), output: terminal.output() };
}

it('a person logs in, works for the team, and logs out, on a server as outkit serve runs it', async () => {
  const { server, browser, project } = await served();
  const { exitCode, screen, output } = await logIn(project, browser, 'let_in');
  expect([exitCode, screen]).toEqual([0, expect.stringContaining('as olga@example.com (teams: Engines)')]);
  expect(output).not.toMatch(CREDENTIAL);

  const run = async (...argv: string[]) => {
    const finished = await project.run(argv);
    expect([argv, finished.exitCode]).toEqual([argv, 0]);
    return finished.stdout;
  };
  const me = JSON.parse(await run('whoami', '--json'));
  expect(me).toMatchObject({ credential: 'file', person: { email: 'olga@example.com' }, teams: [{ role: 'owner' }] });
  const profile = (await run('profiles', 'create', '-n', 'Web', '--team', 'Engines')).trimEnd();
  expect(await run('keys', 'create', '-n', 'ci', '--profile', profile)).toMatch(BARE_KEY);
  expect(await run('people', 'invite', 'ben@example.com')).toMatch(new RegExp(`^${server.url}/\\S+\\n$`));
  expect(await run('people', 'invitations')).toContain('ben@example.com\tmember\t');
  await run('people', 'uninvite', 'ben@example.com');
  expect(await run('people', 'list')).toMatch(/^olga@example\.com\tOlga\towner\t/);
  await run('teams', 'rename', '-n', 'Motors');
  expect(await run('teams', 'list')).toContain('\tMotors\towner\t');
  expect((await run('sessions', 'list')).match(/\n/g)).toHaveLength(2);
  expect(await run('status')).toContain('email\tolga@example.com\n');
  expect(await run('audit', 'verify', '--team', 'Motors')).toMatch(/^\d+:[0-9a-f]{64}\n$/);
  const entries = (await run('audit')).trimEnd().split('\n');
  const created = entries.find((line) => line.includes('\tkey.create\t'))?.split('\t');
  expect([created?.[1], created?.at(-2)]).toEqual(['olga@example.com', me.session.id]);
  expect(entries.join('\n')).toContain('\tdevice.approve\t');

  await run('teams', 'create', '-n', 'Second');
  expect((await project.run(['profiles', 'list'])).exitCode).toBe(2);
  await run('profiles', 'use', profile);
  expect(await run('profiles', 'list')).toContain(profile);
  expect(await run('profiles', 'list', '--team', 'Second')).not.toContain(profile);
  const { checks } = JSON.parse((await project.run(['doctor', '--json'])).stdout);
  const verdicts = checks.map(({ name, verdict }: Record<string, string>) => `${name} ${verdict}`);
  // The clock of this server stands still, and that of doctor does not: when the session ends is not for it to say here.
  expect(verdicts).toEqual(expect.arrayContaining(['logins pass', expect.stringMatching(/^credential (pass|warn)$/)]));
  expect(verdicts).toContain('profile pass');

  expect(await run('logout')).toBe(`Logged out of ${server.url}\n`);
  expect((await project.run(['whoami'])).exitCode).toBe(4);
});

it('a person in several teams, and one in none, get on: every command says which team, or what to do', async () => {
  const { server, owner, project } = await served();
  await project.run(['login', '--with-token'], { stdin: owner.credential });
  await project.run(['teams', 'create', '-n', 'Shop']);
  const init = await project.run(['init', '--yes']);
  expect([init.exitCode, init.stderr]).toEqual([
    2,
    expect.stringMatching(/Error: You are in several teams: .*\n {2}Try: outkit init --yes --team team_\w{16}\n$/),
  ]);
  expect((await project.run(['init', '--yes', '--team', 'Shop'])).exitCode).toBe(0);
  expect((await project.run(['keys', 'list'])).stdout).toContain('\tdev key\t');
  expect((await project.run(['profiles', 'list'])).stdout).toContain('\tDefault\t');
  expect((await project.run(['audit'])).stdout).not.toContain('\tEngines');
  const { checks } = JSON.parse((await project.run(['doctor', '--json'])).stdout);
  const failed = checks.filter(({ verdict }: { verdict: string }) => verdict === 'fail');
  // The clock of the test's server stands still.
  expect(failed.map(({ name }: { name: string }) => name)).toEqual(['clock']);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'profile', verdict: 'pass' }));

  const engines = (await server.as(owner).teams.list()).find(({ name }) => name === 'Engines');
  const ben = await server.join(owner, engines?.id ?? '', 'ben@example.com', 'member');
  const machine = temporaryProject({ env: { OUTKIT_API_URL: server.url } });
  await machine.run(['login', '--with-token'], { stdin: ben.credential });
  await project.run(['people', 'remove', 'ben@example.com', '--team', 'Engines', '-y']);
  for (const argv of [
    ['keys', 'list'],
    ['profiles', 'list'],
    ['people', 'list'],
    ['init', '--yes'],
  ]) {
    const { exitCode, stderr } = await machine.run(argv);
    const problem = 'Error: You are in no team\n  Try: ask an owner or admin for an invitation\n';
    expect([argv, exitCode, stderr]).toEqual([argv, 3, expect.stringContaining(problem)]);
  }
});

it('a person who sends the device away ends the login with exit 4', async () => {
  const { browser, project } = await served();
  const { exitCode, screen } = await logIn(project, browser, 'send_away');
  expect([exitCode, screen]).toEqual([4, expect.stringContaining('The login was denied in the browser')]);
  expect((await project.run(['whoami'])).exitCode).toBe(4);
});

it('a login again ends the session before, and logout --everywhere also that of the browser', async () => {
  const { server, owner, project } = await served();
  const credentials = [await server.signIn(owner.email), await server.signIn(owner.email)];
  for (const { credential } of credentials) {
    expect((await project.run(['login', '--with-token'], { stdin: credential })).exitCode).toBe(0);
  }
  const isIn = (who: typeof owner) =>
    server
      .as(who)
      .me.me()
      .then(
        () => true,
        () => false,
      );
  expect(await Promise.all([...credentials, owner].map(isIn))).toEqual([false, true, true]);
  expect((await project.run(['logout', '--everywhere'])).stdout).toContain('ended 1 other session\n');
  expect(await isIn(owner)).toBe(false);
});
