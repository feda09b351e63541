import { expect, it, onTestFinished } from 'vitest';
import { AccountsServer } from '../accounts-server.ts';
import { render, startDev } from './dev-server.ts';
import { LogReader } from './log-reader.ts';
import { Project, temporaryProject } from './outkit.ts';

const PATIENCE = { timeout: 15_000 };

it('each request to outkit dev is in the live log once, also across its end and a new start at another address', async () => {
  const project = new Project();
  const first = await startDev(project);
  onTestFinished(() => project.remove());
  const { key, plaintext } = await first.newKey({ name: 'web' });
  expect(await first.render(plaintext)).toBe(200);
  const reader = new LogReader(project, []);
  await expect
    .poll(() => reader.lines, PATIENCE)
    .toMatchObject([
      {
        keyId: key.id,
        keyName: 'web',
        start: key.start,
        status: 200,
        verdict: 'accepted',
        path: '/render/enhance',
        blocks: 1,
        count: 1,
      },
    ]);
  await first.render(plaintext);
  await expect.poll(() => reader.lines.length, PATIENCE).toBe(2);
  await first.kill();
  await expect.poll(() => reader.stderr, PATIENCE).toBe('Connection lost. Trying again until it is back.\n');
  const second = await startDev(project);
  onTestFinished(() => second.kill());
  expect(second.url).not.toBe(first.url);
  await second.render(plaintext);
  await second.keys.revoke(key.id, null);
  for (let request = 0; request < 5; request++) expect(await second.render(plaintext)).toBe(401);
  const refused = () => reader.lines.filter(({ status }) => status === 401).map(({ count }) => Number(count));
  await expect.poll(() => refused().reduce((sum, count) => sum + count, 0), PATIENCE).toBe(5);
  expect(reader.lines.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(new Set(reader.seqs).size).toBe(reader.seqs.length);
  expect(reader.stderr).toBe('Connection lost. Trying again until it is back.\nConnected again.\n');
  reader.signal('SIGINT');
  expect(await reader.exitCode()).toBe(0);

  const history = async (...flags: string[]) => {
    const { stdout, exitCode } = await project.run(['logs', ...flags, '--json']);
    expect(exitCode).toBe(0);
    return JSON.parse(stdout).data.map(({ seq }: { seq: number }) => seq);
  };
  expect(await history()).toEqual(reader.seqs);
  const refusals = reader.lines.filter(({ status }) => status === 401).map(({ seq }) => seq);
  expect(await history('--status', '4xx', '--key', key.id, '--path', '/render/enhance', '--since', '10m')).toEqual(
    refusals,
  );
  expect(await history('--status', '>=500', '--all-profiles')).toEqual([]);
});

it('whoever is taken out of the team has the log no more, and is told so', async () => {
  const server = await AccountsServer.start();
  onTestFinished(() => server.stop());
  const owner = await server.owner();
  const { teams, people, profiles } = server.as(owner);
  const [team] = await teams.list();
  const teamId = team?.id ?? '';
  const { id } = await profiles.create({ name: 'Web', plan: 'pro', design: {} }, teamId);
  const ben = await server.join(owner, teamId, 'ben@example.com', 'admin');
  const env = { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: ben.credential };
  const project = temporaryProject({ files: { 'outkit.json': `{ "profile": "${id}" }\n` }, env });
  const { stdout } = await project.run(['keys', 'create', '-n', 'web']);
  const plaintext = stdout.trim();
  const reader = new LogReader(project, []);
  await expect
    .poll(async () => {
      await render(server.url, plaintext);
      return reader.lines.length;
    }, PATIENCE)
    .toBeGreaterThan(0);
  const member = (await people.list(teamId)).find(({ email }) => email === 'ben@example.com');
  await people.remove(teamId, member?.personId ?? '');
  expect(await reader.exitCode()).toBe(3);
  expect(reader.stderr).toBe(
    `Error: The log has ended: you cannot see profile ${id} any more\n  Try: outkit profiles list\n`,
  );
});
