import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createRequest } from './durability-client.ts';
import { newPlaintext } from './durability-model.ts';
import { keyIds } from './durability-oracle.ts';
import { ServerProcess } from './durability-server.ts';
import { type Finished, type Project, temporaryProject } from './outkit.ts';

/** The commands below a heading of the page, as they stand. */
async function commandsOf(heading: string): Promise<string> {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const [, session = ''] = /```console\n([\s\S]*?)```/.exec(section) ?? [];
  expect(session, heading).toMatch(/^\$ /);
  return session.replaceAll(/^\$ /gm, '');
}

it('the commands of docs/operations.md back up under a running server, restore, and move to another machine', async () => {
  const project = temporaryProject();
  const run = async (where: Project, heading: string): Promise<Finished> => {
    const finished = where.shell(`set -e\n${await commandsOf(heading)}`, { HOME: project.home });
    expect(finished, heading).toMatchObject({ exitCode: 0 });
    return finished;
  };
  const server = await ServerProcess.start(project);
  const { id } = await server.keys.create(createRequest(server.profileId, newPlaintext()));
  await run(project, 'Backup');
  await server.keys.revoke(id, null);
  await server.kill('SIGTERM');
  expect((await run(project, 'Restore')).stdout).toContain('what was ended stays so');

  const machine = temporaryProject({ files: { 'outkit.json': project.read('outkit.json') } });
  expect((await run(machine, 'Moving to another machine')).stdout).toMatch(/^Restored 1 key to /);
  const next = await ServerProcess.start(machine);
  expect(await keyIds(next)).toEqual([id]);
  await next.kill('SIGTERM');
});

it('docs/operations.md names only commands and flags that there are', async () => {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const reference = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const commands = [...page.matchAll(/`(?:\$ )?outkit ((?:keys |profiles )?[a-z]+)/g)].map(([, words]) => words);
  expect(commands.length).toBeGreaterThan(5);
  for (const words of commands) expect(reference).toContain(`Usage: outkit ${words} `);
  const flags = [...page.matchAll(/(?<![\w-])(--[a-z][a-z-]+)/g)].map(([, flag]) => flag as string);
  for (const flag of flags) expect(reference).toContain(flag);
});
