import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it, type TestContext } from 'vitest';
import { newCreate, observed, send } from './durability-client.ts';
import { databaseBytes, type ServerOptions, ServerProcess } from './durability-server.ts';
import { type Project, temporaryProject } from './outkit.ts';

const PAGE = 4096;

/** The start MUST fail with one sentence and one way out. */
async function expectRefused(
  project: Project,
  says: RegExp,
  tries: string,
  options: ServerOptions = {},
): Promise<void> {
  const server = await ServerProcess.start(project, options);
  expect(await server.end).toEqual({ exitCode: 1, signal: null });
  expect(server.stdout).toBe('');
  const [what = '', hint, ...rest] = server.stderr.trimEnd().split('\n');
  expect(what).toMatch(says);
  expect(hint).toContain(`  Try: ${tries}`);
  expect(rest).toEqual([]);
}

/** The super-user passes every permission, unless it is told not to. */
function heedingPermissions({ skip }: TestContext): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const heeding = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];
  const { status } = spawnSync(heeding[0] as string, [...heeding.slice(1), 'true']);
  if (status !== 0) skip('run by the super-user, and there is no setpriv: no permission can be missing');
  return heeding;
}

it('a second outkit dev on the project names the process of the first, and the first goes on', async () => {
  const project = temporaryProject();
  const first = await ServerProcess.start(project);
  const { id, state } = await send(first.keys, first.profileId, newCreate());
  await expectRefused(
    project,
    new RegExp(`^Error: Another server \\(process ${first.pid}\\) is using ${project.path('.outkit')}\\.$`),
    `Stop it (kill ${first.pid})`,
  );
  expect(await observed(first, id, state.roles.keys())).toEqual(state);
  expect((await project.run(['keys', 'list'])).stdout).toContain(id);
  await first.kill('SIGTERM');
});

it('a file in the place of the data directory is named with a way out, and stays', async () => {
  const project = temporaryProject({ files: { '.outkit': 'mine' } });
  await expectRefused(
    project,
    new RegExp(`^Error: The data directory ${project.path('.outkit')} cannot be used`),
    'Name the directory itself',
  );
  expect(project.read('.outkit')).toBe('mine');
  expect(project.names()).toEqual(['.outkit']);
});

it('a project that cannot be written is named with a way out', async (context) => {
  const through = heedingPermissions(context);
  const project = temporaryProject();
  chmodSync(project.directory, 0o555);
  const says = new RegExp(`^Error: The data directory ${project.path('.outkit')} cannot be used: EACCES`);
  await expectRefused(project, says, 'Check its permissions', { through });
  expect(project.names()).toEqual([]);
  chmodSync(project.directory, 0o755);
});

it.for(['directory', 'database'])(
  'a %s that became read-only is named with a way out, and nothing changes',
  async (which, context) => {
    const through = heedingPermissions(context);
    const project = temporaryProject();
    await (await ServerProcess.start(project)).kill('SIGTERM');
    const before = databaseBytes(project);
    const path = project.path(which === 'directory' ? '.outkit' : '.outkit/outkit.db');
    chmodSync(path, which === 'directory' ? 0o500 : 0o400);
    await expectRefused(
      project,
      new RegExp(`^Error: The data directory ${project.path('.outkit')} cannot be used`),
      'Check',
      {
        through,
      },
    );
    expect(databaseBytes(project)).toEqual(before);
    chmodSync(path, 0o700);
  },
);

it('a home that does not exist keeps no project from being served', async () => {
  const project = temporaryProject();
  const server = await ServerProcess.start(project, { env: { HOME: '/nonexistent' } });
  expect(server.readyAfterMs).not.toBeNull();
  expect(await server.kill('SIGTERM')).toEqual({ exitCode: 0, signal: null });
});

it.for([
  ['pages of no kind', (bytes: Buffer) => bytes.map((byte, index) => (index % PAGE === 0 ? byte ^ 0x40 : byte))],
  ['half of it', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['nothing', () => Buffer.alloc(0)],
  ['other bytes', (bytes: Buffer) => Buffer.alloc(bytes.length, 'x')],
] as const)('a database that holds %s is refused and stays as it is', async ([, damage]) => {
  const project = temporaryProject();
  const server = await ServerProcess.start(project);
  await send(server.keys, server.profileId, newCreate());
  await server.kill('SIGTERM');
  const path = project.path('.outkit/outkit.db');
  writeFileSync(path, damage(readFileSync(path)));
  const before = databaseBytes(project);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expectRefused(project, new RegExp(`^Error: The database ${path} is damaged: .+\\.$`), 'Nothing was changed.');
    expect(databaseBytes(project)).toEqual(before);
  }
});
