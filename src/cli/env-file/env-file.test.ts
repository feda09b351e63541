import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hashSecret } from '../../core/secret-hash.ts';
import { gitProject, newSecret, Project } from './project.fixture.ts';

const secret = newSecret();

describe('prepareEnvFile', () => {
  test('says what will happen and changes nothing', async () => {
    const project = gitProject('.env*\n', { '.env.local': '# mine\nA=1\n' });
    expect(await project.prepared()).toMatchObject({
      path: '.env.local',
      change: 'append',
      line: 3,
      existingValue: 'none',
      gitStatus: 'ignored',
    });
    expect(project.read('.env.local')).toBe('# mine\nA=1\n');
    expect(project.names().sort()).toEqual(['.env.local', '.gitignore']);
  });

  test.each([
    ['create', 1, undefined],
    ['append', 2, 'A=1\n'],
    ['replace', 1, 'OUTKIT_API_KEY=\n'],
  ])('tells a %s', async (change, line, contents) => {
    const project = new Project(contents === undefined ? {} : { '.env.local': contents });
    expect(await project.prepared()).toMatchObject({ change, line, existingValue: 'none' });
  });

  test('takes an existing value for foreign unless it is a secret of this key', async () => {
    const project = new Project({ '.env.local': `OUTKIT_API_KEY="${secret}"\n` });
    expect(await project.prepared()).toMatchObject({ existingValue: 'foreign' });
    const asked: string[] = [];
    const answer = (isOwn: boolean) => async (hash: string) => asked.push(hash) > 0 && isOwn;
    expect(await project.prepared({ isSecretOfThisKey: answer(true) })).toMatchObject({ existingValue: 'of-this-key' });
    expect(await project.prepared({ isSecretOfThisKey: answer(false) })).toMatchObject({ existingValue: 'foreign' });
    expect(asked).toEqual([hashSecret(secret), hashSecret(secret)]);
  });

  test('never hashes a value that is no secret', async () => {
    const project = new Project({ '.env.local': 'OUTKIT_API_KEY=hunter2\n' });
    const isSecretOfThisKey = () => Promise.reject(new Error('asked'));
    expect(await project.prepared({ isSecretOfThisKey })).toMatchObject({ existingValue: 'foreign' });
  });

  test.each([
    ['ignored', '.env.local\n'],
    ['not-ignored', 'dist\n'],
  ])('says that a new file is %s', async (gitStatus, ignored) => {
    expect(await gitProject(ignored).prepared()).toMatchObject({ change: 'create', gitStatus });
  });

  test('works where there is no repository', async () => {
    expect(await new Project().prepared()).toMatchObject({ gitStatus: 'outside' });
  });

  test('follows a link that stays in the project, and keeps it', async () => {
    const project = new Project({ shared: 'A=1\n' });
    symlinkSync('shared', project.path('.env.local'));
    const prepared = await project.prepared();
    expect(await prepared.write(secret)).toMatchObject({ kind: 'written', path: '.env.local' });
    expect(project.read('shared')).toBe(`A=1\nOUTKIT_API_KEY=${secret}\n`);
    expect(statSync(project.path('.env.local')).ino).toBe(statSync(project.path('shared')).ino);
  });

  test('follows a link up to the root of the repository', async () => {
    const project = gitProject('.env*\n', { '.env.local': 'A=1\n' });
    mkdirSync(project.path('app'));
    symlinkSync('../.env.local', project.path('app/.env.local'));
    const configuration = { directory: project.path('app') };
    expect(await project.prepared({ configuration })).toMatchObject({ path: 'app/.env.local', gitStatus: 'ignored' });
  });
});

describe('write', () => {
  test('appends the line and leaves every other byte', async () => {
    const project = new Project({ '.env.local': 'export A=1\r\n# é' });
    const prepared = await project.prepared();
    expect(await prepared.write(secret)).toEqual({ kind: 'written', path: '.env.local', line: 3 });
    expect(project.read('.env.local')).toBe(`export A=1\r\n# é\r\nOUTKIT_API_KEY=${secret}\r\n`);
    expect(project.names()).toEqual(['.env.local']);
  });

  test('makes a new file that only its owner may read, whatever the umask', async () => {
    const project = new Project();
    const prepared = await project.prepared();
    const umask = process.umask(0);
    try {
      await prepared.write(secret);
    } finally {
      process.umask(umask);
    }
    expect(statSync(project.path('.env.local')).mode & 0o7777).toBe(0o600);
  });

  test.each([0o644, 0o640, 0o600])('keeps the mode %o of a file and says who may read it', async (mode) => {
    const project = new Project();
    project.write('.env.local', 'A=1\n', mode);
    const prepared = await project.prepared();
    expect(prepared.isReadableByOthers).toBe(mode !== 0o600);
    await prepared.write(secret);
    expect(statSync(project.path('.env.local')).mode & 0o7777).toBe(mode);
  });

  test.each([
    ['another line', 'A=2\n'],
    ['the same bytes, but more', 'A=1\n\n'],
  ])('refuses and changes nothing when the file has got %s meanwhile', async (_, contents) => {
    const project = new Project({ '.env.local': 'A=1\n' });
    const prepared = await project.prepared();
    project.write('.env.local', contents);
    expect(await prepared.write(secret)).toMatchObject({ kind: 'refused', reason: 'changed-meanwhile' });
    expect(project.read('.env.local')).toBe(contents);
    expect(project.names()).toEqual(['.env.local']);
  });

  test('refuses when a new file has appeared, or a link has taken its place', async () => {
    const project = new Project({ other: 'secret of somebody\n' });
    const prepared = await project.prepared();
    symlinkSync('other', project.path('.env.local'));
    expect(await prepared.write(secret)).toMatchObject({ reason: 'changed-meanwhile' });
    expect(project.read('other')).toBe('secret of somebody\n');
  });

  test.each(['okd_short', `${secret}\nPATH=/evil`, `${secret}"`, ''])(
    'refuses %j, which is no secret',
    async (text) => {
      const project = new Project();
      const refusal = await (await project.prepared()).write(text);
      expect(refusal).toMatchObject({ kind: 'refused', reason: 'malformed-secret' });
      expect(project.names()).toEqual([]);
    },
  );

  test('loses no line when many write to one file at once', async () => {
    const project = new Project({ '.env.local': 'A=1\n' });
    const write = async (variableName: string): Promise<boolean> => {
      const prepared = await project.prepared({ variableName });
      return (await prepared.write(secret)).kind === 'written';
    };
    const names = Array.from({ length: 8 }, (_, index) => `KEY_${index}`);
    const written = await Promise.all(names.map(write));
    const kept = names.filter((name) => project.read('.env.local').includes(`${name}=${secret}\n`));
    expect(kept).toEqual(names.filter((_, index) => written[index]));
    expect(kept.length).toBeGreaterThan(0);
  });
});

describe('ignoreInGit', () => {
  test.each([
    ['dist\n', 'dist\n/.env.local\n'],
    ['dist', 'dist\n/.env.local\n'],
    ['dist\r\n', 'dist\r\n/.env.local\r\n'],
    ['.env*\n!.env.local\n', '.env*\n!.env.local\n/.env.local\n'],
  ])('adds one line after %j', async (before, after) => {
    const project = gitProject(before);
    const prepared = await project.prepared();
    expect(await prepared.ignoreInGit()).toEqual({ kind: 'ignored', shownPath: '.gitignore' });
    expect(project.read('.gitignore')).toBe(after);
    expect(await prepared.write(secret)).toMatchObject({ kind: 'written' });
    expect(project.git('status', '--porcelain', '--untracked-files=all')).toBe('?? .gitignore\n');
  });

  test('names a file with special characters exactly', async () => {
    const project = gitProject('dist\n');
    const prepared = await project.prepared({ explicitPath: '#a [1]*.env ' });
    expect(await prepared.ignoreInGit()).toMatchObject({ kind: 'ignored' });
    expect(project.read('.gitignore')).toBe('dist\n/#a \\[1\\]\\*.env\\ \n');
  });
});
