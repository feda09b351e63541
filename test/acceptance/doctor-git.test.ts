import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOf } from '../../src/core/secret.ts';
import { type DevServer, startDev } from './dev-server.ts';
import { examine, findingsOf } from './doctor-report.ts';
import type { Project } from './outkit.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

function commit(project: Project, message: string): string {
  project.git('add', '--all', '--force');
  project.git('commit', '--quiet', '-m', message);
  return project.git('rev-parse', 'HEAD').slice(0, 10);
}

describe('doctor, about the env file', () => {
  it('that git tracks: the commands untrack it, ignore it and replace the key', async () => {
    const { key, plaintext } = await server.newKey();
    const project = server.newProject({ gitignore: '', files: { '.env.local': `OUTKIT_API_KEY=${plaintext}\n` } });
    chmodSync(project.path('.env.local'), 0o600);
    commit(project, 'oops');
    const report = await examine(project, [plaintext]);
    const [finding] = findingsOf(report, 'env-file');
    expect(finding).toEqual({
      verdict: 'fail',
      detail: 'git tracks .env.local, and a key is in it: untrack it, then end its secret',
      fix: `git rm --cached .env.local && echo /.env.local >> .gitignore && outkit keys rotate ${key.id} --grace 0 --env-file`,
    });
    expect(findingsOf(report, 'history')).toMatchObject([{ verdict: 'fail', fix: finding?.fix }]);
    expect(project.shell(`${finding?.fix} -y --no-show`)).toMatchObject({ exitCode: 0 });
    project.git('commit', '--quiet', '-m', 'untrack');
    const mended = await examine(project, [plaintext]);
    expect(findingsOf(mended, 'env-file')).toMatchObject([{ verdict: 'pass' }]);
    expect(findingsOf(mended, 'key')).toMatchObject([{ verdict: 'pass' }]);
    // The secret that was committed has ended, which is all that can be done about it.
    expect(findingsOf(mended, 'history')).toMatchObject([
      { verdict: 'pass', detail: 'no key that works in 2 commits; 1 that ended' },
    ]);
  });

  it('that git does not ignore, and that others can read', async () => {
    const { plaintext } = await server.newKey();
    const project = server.newProject({ gitignore: '', files: { '.env.local': `OUTKIT_API_KEY=${plaintext}\n` } });
    chmodSync(project.path('.env.local'), 0o644);
    const found = findingsOf(await examine(project, [plaintext]), 'env-file');
    expect(found.map(({ verdict, fix }) => [verdict, fix])).toEqual([
      ['fail', 'echo /.env.local >> .gitignore'],
      ['warn', 'chmod 600 .env.local'],
    ]);
    for (const { fix } of found) project.shell(fix ?? '');
    expect((await examine(project, [plaintext])).ok).toBe(true);
  });

  it('of a broken set-up: a directory, and an env file outside of the project', async () => {
    const directory = server.newProject({ files: { '.env.local/x': '' } });
    expect(findingsOf(await examine(directory, []), 'env-file')).toMatchObject([
      { verdict: 'fail', detail: '.env.local is a directory' },
    ]);
    const config = JSON.stringify({ profile: server.profileId, envFile: '../outside' });
    const outside = server.newProject({ files: { 'outkit.json': config } });
    expect(findingsOf(await examine(outside, []), 'env-file')[0]?.detail).toMatch(/leads out of the project$/);
  });
});

describe('doctor, about the repository', () => {
  it('finds a key that an old commit had, and is content when it is revoked', async () => {
    const { key, plaintext } = await server.newKey();
    const project = server.newProject({ gitignore: '', files: { 'src/app.ts': `fetch('${plaintext}')\n` } });
    const hash = commit(project, 'works now');
    project.write('src/app.ts', 'fetch(process.env.OUTKIT_API_KEY)\n');
    commit(project, 'the key is better in the environment');
    const [finding, ...others] = findingsOf(await examine(project, [plaintext]), 'history');
    expect(others).toEqual([]);
    expect(finding).toEqual({
      verdict: 'fail',
      detail: `${startOf(plaintext)}•••••••• of dev key (${key.id}, development) is in commit ${hash}, src/app.ts, and works`,
      fix: `outkit keys revoke ${key.id}`,
    });
    expect(project.shell(`${finding?.fix} -y`)).toMatchObject({ exitCode: 0 });
    expect(findingsOf(await examine(project, [plaintext]), 'history')).toEqual([
      { verdict: 'pass', detail: 'no key that works in 2 commits; 1 that ended', fix: null },
    ]);
  });

  it('ends the old secret that an old commit has, and leaves the one that replaced it at work', async () => {
    const { key, plaintext } = await server.newKey();
    const project = server.newProject({
      gitignore: '.env.local\n',
      files: { 'src/app.ts': `fetch('${plaintext}')\n` },
    });
    commit(project, 'works now');
    expect(project.shell(`outkit keys rotate ${key.id} --env-file --no-show`)).toMatchObject({ exitCode: 0 });
    const [finding] = findingsOf(await examine(project, [plaintext]), 'history');
    expect(finding).toMatchObject({ verdict: 'fail', fix: `outkit keys rotate ${key.id} --end-grace` });
    expect(project.shell(`${finding?.fix} -y`)).toMatchObject({ exitCode: 0 });
    const mended = await examine(project, [plaintext]);
    expect(findingsOf(mended, 'history')).toMatchObject([{ verdict: 'pass' }]);
    expect(findingsOf(mended, 'key')).toMatchObject([{ verdict: 'pass' }]);
  });

  it('replaces a key that an old commit and the env file have', async () => {
    const { key, plaintext } = await server.newKey();
    const project = server.newProject({
      gitignore: '.env.local\n',
      files: { 'src/app.ts': `fetch('${plaintext}')\n` },
    });
    commit(project, 'works now');
    project.write('.env.local', `OUTKIT_API_KEY=${plaintext}\n`);
    const [finding] = findingsOf(await examine(project, [plaintext]), 'history');
    expect(finding).toMatchObject({ verdict: 'fail', fix: `outkit keys rotate ${key.id} --grace 0 --env-file` });
    expect(project.shell(`${finding?.fix} -y --no-show`)).toMatchObject({ exitCode: 0 });
    const mended = await examine(project, [plaintext]);
    expect(findingsOf(mended, 'history')).toMatchObject([{ verdict: 'pass' }]);
    expect(findingsOf(mended, 'key')).toMatchObject([{ verdict: 'pass' }]);
  });

  it('finds a key in a tracked file, and one in a file that git add would take', async () => {
    const [tracked, untracked] = [await server.newKey(), await server.newKey()];
    const project = server.newProject({ gitignore: '' });
    project.write('tracked.ts', tracked.plaintext);
    project.git('add', 'tracked.ts');
    project.write('notes.md', untracked.plaintext);
    const found = findingsOf(await examine(project, [tracked.plaintext, untracked.plaintext]), 'files');
    expect(found.map(({ verdict, fix }) => [verdict, fix])).toEqual([
      ['fail', `outkit keys revoke ${tracked.key.id}`],
      ['warn', 'move it out of notes.md'],
    ]);
  });

  it('takes a key for a leak as long as no server says otherwise, and names one of another server', async () => {
    const { plaintext } = await server.newKey();
    const other = await startDev();
    try {
      const files = { 'a.ts': plaintext, 'outkit.json': `{ "profile": "${other.profileId}" }` };
      const project = other.newProject({ gitignore: '', files });
      commit(project, 'first');
      expect(findingsOf(await examine(project, [plaintext]), 'history')).toMatchObject([
        { verdict: 'warn', fix: 'revoke it at its own server' },
      ]);
      await other.kill();
      expect(findingsOf(await examine(project, [plaintext]), 'history')).toMatchObject([
        { verdict: 'fail', fix: 'outkit doctor, once the server answers' },
      ]);
    } finally {
      await other.stop();
    }
  });
});
