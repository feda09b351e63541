import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, lstatSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { EnvFileRequest } from './env-file.ts';
import { gitProject, Project } from './project.fixture.ts';

const NOBODY = 65534;
const IS_ROOT = process.getuid?.() === 0;

interface Case {
  readonly reason: string;
  readonly when: string;
  readonly make: () => Project;
  readonly request?: (project: Project) => Partial<EnvFileRequest>;
  readonly what?: RegExp;
}

const CASES: Case[] = [
  {
    reason: 'tracked',
    when: 'git tracks the file although it is ignored',
    make: () => {
      const project = gitProject('.env*\n', { '.env.local': 'A=1\n' });
      project.git('add', '--force', '.env.local');
      return project;
    },
  },
  {
    reason: 'tracked',
    when: 'git tracks the file and it was deleted',
    make: () => {
      const project = gitProject('', { other: '' });
      execFileSync(
        'git',
        [
          'update-index',
          '--add',
          '--cacheinfo',
          '100644',
          project.git('hash-object', '-w', 'other').trim(),
          '.env.local',
        ],
        {
          cwd: project.directory,
        },
      );
      return project;
    },
  },
  {
    reason: 'tracked',
    when: 'a link leads to a file that git tracks',
    make: () => {
      const project = gitProject('.env*\n', { 'shared.env': 'A=1\n' });
      symlinkSync('shared.env', project.path('.env.local'));
      project.git('add', 'shared.env');
      return project;
    },
  },
  {
    reason: 'git-unreadable',
    when: 'git cannot read its repository',
    make: () => {
      const project = gitProject('', { '.env.local': '' });
      project.write('.git/HEAD', 'broken');
      return project;
    },
  },
  { reason: 'directory', when: 'it is a directory', make: () => withDirectory('.env.local') },
  {
    reason: 'not-a-regular-file',
    when: 'it is a FIFO',
    make: () => {
      const project = new Project();
      execFileSync('mkfifo', [project.path('.env.local')]);
      return project;
    },
  },
  {
    reason: 'not-a-regular-file',
    when: 'it is a device',
    make: () => new Project(),
    request: () => ({ explicitPath: '/dev/null' }),
  },
  {
    reason: 'hard-linked',
    when: 'it has a second name',
    make: () => {
      const project = new Project({ other: 'A=1\n' });
      linkSync(project.path('other'), project.path('.env.local'));
      return project;
    },
  },
  { reason: 'dangling-link', when: 'it is a link to nothing', make: () => withLink('.env.local', 'nothing') },
  {
    reason: 'outside-project',
    when: 'it is a link out of the project',
    make: () => withLink('.env.local', new Project({ x: '' }).path('x')),
  },
  {
    reason: 'outside-project',
    when: 'a directory on the way is a link out of the project',
    make: () => withLink('app', new Project().directory),
    request: () => ({ explicitPath: 'app/.env' }),
  },
  {
    reason: 'outside-project',
    when: 'envFile of outkit.json leaves the project',
    make: () => new Project(),
    request: ({ directory }) => ({ configuration: { directory, envFile: '../.env' } }),
  },
  {
    reason: 'untrusted-link',
    when: 'a directory on the way is a link in a sticky directory',
    make: () => {
      const project = withLink('link', 'real');
      mkdirSync(project.path('real'));
      chmodSync(project.directory, 0o1777);
      return project;
    },
    request: () => ({ explicitPath: 'link/.env' }),
  },
  {
    reason: 'missing-directory',
    when: 'its directory is not there',
    make: () => new Project(),
    request: () => ({ explicitPath: 'no/.env' }),
  },
  {
    reason: 'missing-directory',
    when: 'a file is in its way',
    make: () => new Project({ a: '' }),
    request: () => ({ explicitPath: 'a/.env' }),
  },
  {
    reason: 'invalid-path',
    when: 'the path holds a NUL byte',
    make: () => new Project(),
    request: () => ({ explicitPath: 'a\0b' }),
  },
  {
    reason: 'too-large',
    when: 'it is larger than 1 MiB',
    make: () => {
      const project = new Project({ '.env.local': '' });
      truncateSync(project.path('.env.local'), 1024 * 1024 + 1);
      return project;
    },
  },
  {
    reason: 'variable-name',
    when: 'the name is no name',
    make: () => new Project(),
    request: () => ({ variableName: 'A=B' }),
  },
  {
    reason: 'browser-variable',
    when: 'browsers get the name',
    make: () => new Project(),
    request: () => ({ variableName: 'VITE_KEY' }),
  },
  {
    reason: 'loader-variable',
    when: 'loaders read the name',
    make: () => new Project(),
    request: () => ({ variableName: 'PATH' }),
  },
  { reason: 'nul-byte', when: 'the file holds a NUL byte', make: () => new Project({ '.env.local': 'A=\0\n' }) },
  { reason: 'lone-bom', when: 'the file is a byte order mark', make: () => new Project({ '.env.local': '\ufeff' }) },
  {
    reason: 'unbalanced-quote',
    when: 'a quote is open',
    make: () => new Project({ '.env.local': 'A=1\nB="x\n' }),
    what: /^\.env\.local:2 /,
  },
  {
    reason: 'several-lines',
    when: 'the name is set twice',
    make: () => new Project({ '.env.local': 'OUTKIT_API_KEY=hunter2\n#\nOUTKIT_API_KEY=hunter3\n' }),
    what: /^\.env\.local:1,3 sets OUTKIT_API_KEY /,
  },
  {
    reason: 'multi-line-value',
    when: 'the value has several lines',
    make: () => new Project({ '.env.local': 'OUTKIT_API_KEY="hunter2\n"\n' }),
    what: /^\.env\.local:1 /,
  },
  {
    reason: 'unsafe-line',
    when: 'Node would read the line differently',
    make: () => new Project({ '.env.local': 'A= \n' }),
  },
];

function withDirectory(name: string): Project {
  const project = new Project();
  mkdirSync(project.path(name));
  return project;
}

function withLink(name: string, target: string): Project {
  const project = new Project();
  symlinkSync(target, project.path(name));
  return project;
}

describe('prepareEnvFile refuses and changes nothing', () => {
  test.each(CASES)('with $reason when $when', async ({ reason, make, request, what }) => {
    const project = make();
    const before = listingOf(project);
    const refusal = await project.prepare(request?.(project));
    expect(refusal).toMatchObject({ kind: 'refused', reason });
    if (refusal.kind !== 'refused') return;
    expect(refusal.what).toMatch(what ?? /./);
    expect(refusal.what + refusal.tryThis).not.toMatch(/\n|hunter/);
    expect(listingOf(project)).toEqual(before);
  });

  test('with other-owner when the file belongs to another user', async ({ skip }) => {
    skip(!IS_ROOT, 'only root can give a file away');
    const project = new Project({ '.env.local': 'A=1\n' });
    chownSync(project.path('.env.local'), NOBODY, NOBODY);
    expect(await project.prepare()).toMatchObject({ reason: 'other-owner' });
  });

  test.each([
    ['not-writable', 'the directory may not be written to', 0o555, 0o644],
    ['not-writable', 'the file is read-only', 0o755, 0o444],
    ['unreadable', 'the file may not be read', 0o755, 0o200],
    ['missing-directory', 'the directory may not be entered', 0o600, 0o644],
  ])('with %s when %s', async (reason, _, directoryMode, fileMode) => {
    const project = new Project({ '.env.local': 'A=1\n' });
    chmodSync(project.path('.env.local'), fileMode);
    chmodSync(project.directory, directoryMode);
    const request = { explicitPath: '.env.local' };
    const refusal = await asOrdinaryUser(project, () => project.prepare(request));
    chmodSync(project.directory, 0o755);
    expect(refusal).toMatchObject({ reason, what: expect.stringContaining('EACCES') });
  });

  test('with not-writable when the file is immutable', async ({ skip }) => {
    const project = new Project({ '.env.local': 'A=1\n' });
    const isImmutable = spawnSync('chattr', ['+i', project.path('.env.local')]).status === 0;
    skip(!isImmutable, 'this file system has no immutable files, or they take root');
    const refusal = await project.prepare();
    execFileSync('chattr', ['-i', project.path('.env.local')]);
    expect(refusal).toMatchObject({ reason: 'not-writable' });
  });

  test('with not-writable when something else has the name of the workspace', async () => {
    const project = new Project({ '.outkit-env-tmp': 'mine' });
    expect(await project.prepare()).toMatchObject({ reason: 'not-writable' });
    expect(project.read('.outkit-env-tmp')).toBe('mine');
  });
});

test('a machine without git can write outside a repository, and to a new file inside one', async () => {
  const project = gitProject('');
  vi.stubEnv('PATH', '/nonexistent');
  expect(await new Project({ '.env.local': 'A=1\n' }).prepare()).toMatchObject({ gitStatus: 'outside' });
  expect(await project.prepare()).toMatchObject({ kind: 'prepared', gitStatus: 'unknown' });
  project.write('.env.local', 'A=1\n');
  expect(await project.prepare()).toMatchObject({ reason: 'git-unreadable' });
  vi.unstubAllEnvs();
});

test('asking git runs no program that the repository names', async () => {
  const project = gitProject('', { '.env.local': 'A=1\n' });
  project.git('config', 'core.fsmonitor', `touch ${project.path('ran')}; false`);
  await project.prepare();
  expect(project.names()).not.toContain('ran');
});

function listingOf(project: Project): unknown[] {
  return project.names().map((name) => {
    const { mode, ino, nlink, size, mtimeMs } = lstatSync(project.path(name));
    return { name, mode, ino, nlink, size, mtimeMs };
  });
}

/** Root may do everything, so as root the project and the step become those of the user `nobody`. */
async function asOrdinaryUser<T>(project: Project, step: () => Promise<T>): Promise<T> {
  if (!IS_ROOT) return step();
  for (const path of ['', ...project.names()]) chownSync(project.path(path), NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await step();
  } finally {
    process.seteuid?.(0);
  }
}
