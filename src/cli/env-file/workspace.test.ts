import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from './project.fixture.ts';
import { type InterruptingSignal, WORKSPACE_NAME, withWorkspace } from './workspace.ts';

const never = () => () => {};

test('only the owner may look into a workspace, and it goes away with its contents, also after a failure', async () => {
  const { directory } = new Project();
  const use = (path: string) => {
    writeFileSync(join(path, '00000000-0000-4000-8000-000000000000.tmp'), 'secret');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    throw new Error('failed');
  };
  await expect(withWorkspace(directory, never, use)).rejects.toThrow('failed');
  expect(readdirSync(directory)).toEqual([]);
});

test('one process at a time has the workspace', async () => {
  const { directory } = new Project();
  let users = 0;
  const use = () => {
    expect(++users).toBe(1);
    users--;
  };
  await Promise.all(Array.from({ length: 10 }, () => withWorkspace(directory, never, use)));
});

test('who lost the workspace can rename nothing out of it, and leaves it to the new owner', async () => {
  const { directory } = new Project();
  const use = (path: string) => {
    writeFileSync(join(path, 'mine.tmp'), 'late');
    renameSync(path, `${path}-00000000-0000-4000-8000-000000000000`);
    mkdirSync(path);
    renameSync(join(path, 'mine.tmp'), join(directory, 'target'));
  };
  await expect(withWorkspace(directory, never, use)).rejects.toThrow('ENOENT');
  expect(readdirSync(directory)).toContain(WORKSPACE_NAME);
  expect(readdirSync(directory)).not.toContain('target');
});

test('a file that is not ours survives the removal of an abandoned workspace', async () => {
  const project = new Project();
  mkdirSync(project.path(WORKSPACE_NAME));
  project.write(`${WORKSPACE_NAME}/notes.txt`, 'mine');
  await withWorkspace(project.directory, never, () => undefined);
  const [kept = ''] = project.names();
  expect(project.read(`${kept}/notes.txt`)).toBe('mine');
});

test('a signal that came before the use prevents it', async () => {
  const { directory } = new Project();
  const onSignal = (signal: InterruptingSignal, handler: () => void) => {
    if (signal === 'SIGINT') handler();
    return () => {};
  };
  const outcome = await withWorkspace(directory, onSignal, () => 'used');
  expect(outcome).toEqual({ kind: 'interrupted', signal: 'SIGINT' });
  expect(readdirSync(directory)).toEqual([]);
});
