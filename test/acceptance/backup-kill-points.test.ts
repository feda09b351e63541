import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IS_LONG } from '../long-tests.ts';
import { requireStrace } from '../require-strace.ts';
import { createRequest, observed } from './durability-client.ts';
import { newPlaintext } from './durability-model.ts';
import { keyIds } from './durability-oracle.ts';
import { ServerProcess } from './durability-server.ts';
import { injecting } from './durability-strace.ts';
import { OUTKIT, Project, temporaryProject } from './outkit.ts';

/** All that changes names on the disk, and some of what fills files. */
const ALL_POINTS = [
  ...[1, 2, 3, 4, 5, 6].flatMap((when) => ['unlink', 'fsync'].map((call) => ({ call, when }))),
  ...[1, 2].map((when) => ({ call: 'rename', when })),
  { call: 'link', when: 1 },
  ...[1, 12, 40].map((when) => ({ call: 'pwrite64', when })),
];
const SHORT = ['unlink 3', 'fsync 2', 'fsync 5', 'rename 1', 'link 1', 'pwrite64 12'];
const POINTS = IS_LONG ? ALL_POINTS : ALL_POINTS.filter(({ call, when }) => SHORT.includes(`${call} ${when}`));

/** One key of the backup that was revoked since, and one that was created since. */
let prepared: Project;
let revoked: { id: string; secret: string };
beforeAll(async () => {
  prepared = new Project();
  const server = await ServerProcess.start(prepared);
  const secret = newPlaintext();
  const { id } = await server.keys.create(createRequest(server.profileId, secret));
  revoked = { id, secret };
  await prepared.run(['backup', 'backup.db']);
  await server.keys.revoke(id, null);
  await server.keys.create(createRequest(server.profileId, newPlaintext()));
  // Killed, so that there is a log for the restore to take in.
  await server.kill('SIGKILL');
});
afterAll(() => prepared.remove());

/** Whether the command was killed there. */
function runKilledAt(project: Project, args: readonly string[], { call, when }: (typeof POINTS)[number]): boolean {
  const [program = '', ...rest] = [...injecting(`${call}:signal=KILL:when=${when}`), process.execPath, '--', OUTKIT];
  const { status, signal, stderr } = spawnSync(program, [...rest, ...args], {
    cwd: project.directory,
    env: project.environment(),
    encoding: 'utf8',
  });
  if (signal === null) expect([status, stderr], `${call} ${when}`).toEqual([0, expect.any(String)]);
  return signal === 'SIGKILL';
}

function copy(): Project {
  const project = temporaryProject();
  cpSync(prepared.directory, project.directory, { recursive: true });
  return project;
}

it('a restore that is killed at any point leaves the old database or the new one, and revives nothing', {
  timeout: 300_000,
}, async (context) => {
  requireStrace(context);
  let killed = 0;
  for (const point of POINTS) {
    const project = copy();
    if (runKilledAt(project, ['restore', 'backup.db', '-y'], point)) killed += 1;
    const server = await ServerProcess.start(project);
    const where = `killed at ${point.call} ${point.when}`;
    expect(server.stderr, where).toBe('');
    expect(await keyIds(server), where).toHaveLength(2);
    expect(await observed(server, revoked.id, [revoked.secret]), where).toMatchObject({ isRevoked: true });
    await server.kill('SIGKILL');
    project.remove();
  }
  expect(killed).toBeGreaterThan(POINTS.length * (10 / 18));
});

it('a restore over a damaged database that is killed leaves the new one, or one that no server starts on', {
  timeout: 300_000,
}, async (context) => {
  requireStrace(context);
  let killed = 0;
  for (const point of POINTS) {
    const project = copy();
    writeFileSync(project.path('.outkit/outkit.db'), 'x'.repeat(8_192));
    if (runKilledAt(project, ['restore', 'backup.db', '-y', '--discard-current'], point)) killed += 1;
    const server = await ServerProcess.start(project);
    const where = `killed at ${point.call} ${point.when}`;
    if (server.readyAfterMs === null) expect(server.stderr, where).toMatch(/^Error: The database .* is damaged/);
    else expect(await keyIds(server), where).toEqual([revoked.id]);
    await server.kill('SIGKILL');
    project.remove();
  }
  expect(killed).toBeGreaterThan(POINTS.length * (10 / 18));
});

it('a backup that is killed at any point leaves a whole file or none, and the next one is made', {
  timeout: 300_000,
}, async (context) => {
  requireStrace(context);
  let killed = 0;
  for (const point of POINTS) {
    const project = copy();
    if (runKilledAt(project, ['backup', 'second.db'], point)) {
      killed += 1;
      const isThere = existsSync(project.path('second.db'));
      const again = await project.run(['backup', 'second.db']);
      expect(again.exitCode, `killed at ${point.call} ${point.when}`).toBe(isThere ? 1 : 0);
    }
    expect((await project.run(['restore', 'second.db', '-y', '--data-dir', 'fresh'])).stdout).toContain('2 keys');
    project.remove();
  }
  expect(killed).toBeGreaterThan(POINTS.length * (3 / 18));
});
