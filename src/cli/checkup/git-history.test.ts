import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGitStatus } from '../env-file/git.ts';
import { gitProject, newSecret, Project } from '../env-file/project.fixture.ts';
import { seenOf } from './facts.fixture.ts';
import { type HistorySearch, searchHistory } from './git-history.ts';
import { searchWorkingTree } from './working-tree.ts';

const ENV = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

function search(project: Project, timeMs = 20_000, env = ENV): Promise<HistorySearch> {
  return searchHistory({ root: project.directory, env }, { timeMs, onProgress: () => {} });
}

function commit(project: Project, message: string): string {
  project.git('add', '--all', '--force');
  project.git('commit', '--quiet', '--allow-empty', '-m', message);
  return project.git('rev-parse', 'HEAD').slice(0, 10);
}

/** Commits a key, and removes it with the next commit. */
function committed(project: Project, name: string): { key: string; hash: string } {
  const key = newSecret();
  project.write(name, `const key = '${key}';\n`);
  const hash = commit(project, 'with the key');
  project.write(name, 'const key = process.env.OUTKIT_API_KEY;\n');
  commit(project, 'without it');
  return { key, hash };
}

describe('the search of the history', () => {
  it('finds a key that was removed since, in the commit where it was last', async () => {
    const project = gitProject('');
    const { key, hash } = committed(project, 'the app.ts');
    expect(await search(project)).toEqual({
      found: [{ secret: seenOf(key), place: `commit ${hash}, the app.ts` }],
      commits: 2,
      oversized: 0,
      incomplete: null,
    });
  });

  it('finds it on other branches, in the stash, in messages, in binary files, and nothing with a wrong checksum', async () => {
    const project = gitProject('');
    project.write('a', 'a');
    commit(project, 'first');
    project.git('checkout', '--quiet', '-b', 'side');
    const onBranch = committed(project, 'b');
    project.git('checkout', '--quiet', '-');
    const [inMessage, inTag, inBinary, inStash] = [newSecret(), newSecret(), newSecret(), newSecret()];
    // Before the message is there: a stash repeats that of the commit it is made on.
    project.write('a', inStash);
    project.git('stash', '--quiet');
    project.write('binary', `\0\x01${inBinary}\0 okd_${'x'.repeat(38)}`);
    const last = commit(project, `use ${inMessage}`);
    project.git('tag', '-a', 'v1', '-m', `use ${inTag}`);
    const { found } = await search(project);
    const places = new Map(found.map(({ secret, place }) => [secret.hash, place]));
    expect(places.get(seenOf(onBranch.key).hash)).toBe(`commit ${onBranch.hash}, b`);
    expect(places.get(seenOf(inMessage).hash)).toBe(`the message of commit ${last}`);
    expect(places.get(seenOf(inTag).hash)).toBe('the message of tag v1');
    expect(places.get(seenOf(inBinary).hash)).toBe(`commit ${last}, binary`);
    expect(places.get(seenOf(inStash).hash)).toMatch(/^commit \w{10}, a$/);
    expect(places.size).toBe(5);
  });

  it('finds nothing in an empty repository', async () => {
    expect(await search(gitProject(''))).toMatchObject({ found: [], commits: 0, incomplete: null });
  });

  it('leaves out files over 10 MiB, and counts them', async () => {
    const project = gitProject('');
    project.write('large', `${' '.repeat(10 * 1024 * 1024)}${newSecret()}`);
    commit(project, 'large');
    expect(await search(project)).toMatchObject({ found: [], oversized: 1, incomplete: null });
  });

  it('sees what is stored, not what a replacement or a text converter makes of it', async () => {
    const project = gitProject('');
    const { key } = committed(project, 'a.txt');
    const blob = project.git('rev-parse', 'HEAD~1:a.txt').trim();
    project.git('replace', blob, project.git('rev-parse', 'HEAD:a.txt').trim());
    expect((await search(project)).found.map(({ secret }) => secret)).toEqual([seenOf(key)]);
  });

  it('says when the older part is not there', async () => {
    const origin = gitProject('');
    committed(origin, 'a');
    const clone = new Project();
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${origin.directory}`, '.'], { cwd: clone.directory });
    expect((await search(clone)).incomplete).toEqual({
      why: 'the older part of it is not on this machine (shallow clone)',
      fix: 'git fetch --unshallow',
    });
  });

  it('fetches nothing into a partial clone, and says that objects are missing', async () => {
    const origin = gitProject('');
    origin.git('config', 'uploadpack.allowFilter', 'true');
    committed(origin, 'a');
    const clone = new Project();
    const options = ['--quiet', '--filter=blob:none', '--no-checkout'];
    execFileSync('git', ['clone', ...options, `file://${origin.directory}`, '.'], { cwd: clone.directory });
    const before = clone.git('count-objects', '-v');
    expect(await search(clone)).toMatchObject({
      found: [],
      incomplete: { why: '3 objects of it are not on this machine (partial clone)' },
    });
    expect(clone.git('count-objects', '-v')).toBe(before);
  });

  it('stops in time, and names the command that finishes it', async () => {
    const project = gitProject('');
    committed(project, 'a');
    // A git that never ends.
    const slow = new Project({ git: '#!/bin/sh\nexec sleep 60\n' });
    chmodSync(slow.path('git'), 0o755);
    const start = performance.now();
    const { incomplete } = await search(project, 200, { ...ENV, PATH: `${slow.directory}:${ENV.PATH}` });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(incomplete?.why).toBe('not finished within 0.2 s: 0 objects were searched, the newest first');
    expect(incomplete?.fix).toMatch(/^git log --all /);
  });

  it('of what is no repository, or without git, ends and says so', async () => {
    const project = new Project({ '.git': 'broken' });
    expect((await search(project)).incomplete).toEqual({ why: 'git cannot read it', fix: 'git log -1' });
    const noGit = new Project();
    expect((await search(project, 5_000, { ...ENV, PATH: noGit.directory })).incomplete).toMatchObject({
      why: 'git cannot be run',
    });
  });
});

describe('the search of the working tree', () => {
  const search = (project: Project, except: string | null = null) =>
    searchWorkingTree({ root: project.directory, env: ENV }, except);

  it('finds keys in files that git tracks or would add, not in ignored ones, nor through links', async () => {
    const project = gitProject('ignored\n');
    const [tracked, untracked, ignored] = [newSecret(), newSecret(), newSecret()];
    project.write('tracked', tracked);
    project.git('add', 'tracked');
    project.write('ü new', `x${untracked}`);
    project.write('ignored', ignored);
    project.write('except', ignored);
    symlinkSync('ignored', project.path('link'));
    expect(await search(project, project.path('except'))).toEqual({
      found: [
        { secret: seenOf(tracked), path: 'tracked', isTracked: true },
        { secret: seenOf(untracked), path: 'ü new', isTracked: false },
      ],
      files: 4,
      isComplete: true,
    });
  });
});

describe('a hostile repository', () => {
  it('gets none of its programs run', async () => {
    const project = gitProject('');
    committed(project, 'a.txt');
    const program = project.path('.git/program');
    project.write('.git/program', `#!/bin/sh\ntouch '${project.path('.git/has-run')}'\n`);
    chmodSync(program, 0o755);
    const names = ['core.fsmonitor', 'core.pager', 'core.editor', 'core.sshCommand', 'diff.external'];
    for (const name of [...names, 'diff.x.textconv', 'filter.x.clean', 'filter.x.smudge', 'core.alternateRefsCommand'])
      project.git('config', name, program);
    project.git('config', 'core.hooksPath', project.path('.git/hooks-of-theirs'));
    execFileSync('mkdir', [project.path('.git/hooks-of-theirs')]);
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit', 'post-checkout'])
      symlinkSync(program, project.path(`.git/hooks-of-theirs/${hook}`));
    project.write('.gitattributes', '* diff=x filter=x\n');
    const repository = { root: project.directory, env: ENV };
    const { found } = await searchHistory(repository, { timeMs: 20_000, onProgress: () => {} });
    await searchWorkingTree(repository, null);
    expect(found).toHaveLength(1);
    expect(existsSync(project.path('.git/has-run'))).toBe(false);
  });

  it('fetches nothing with a program of theirs, not even the .gitignore that asking about a file needs', async () => {
    const project = gitProject('.env.local\n');
    commit(project, 'first');
    const blob = project.git('rev-parse', 'HEAD:.gitignore').trim();
    project.git('update-index', '--skip-worktree', '.gitignore');
    for (const [name, value] of [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', 'ssh://localhost/x'],
      ['core.sparseCheckout', 'true'],
      ['core.sshCommand', `touch '${project.path('.git/has-run')}'; false`],
    ] as const)
      project.git('config', name, value);
    rmSync(project.path('.gitignore'));
    rmSync(project.path(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`));
    const repository = { root: project.directory, env: ENV };
    await readGitStatus(project.directory, '.env.local');
    await searchWorkingTree(repository, null).catch(() => {});
    await searchHistory(repository, { timeMs: 20_000, onProgress: () => {} });
    expect(existsSync(project.path('.git/has-run'))).toBe(false);
  });
});
