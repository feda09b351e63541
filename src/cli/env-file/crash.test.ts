import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireStrace } from '../../../test/require-strace.ts';
import { gitProject, newSecret, Project } from './project.fixture.ts';
import { WORKSPACE_NAME } from './workspace.ts';

const WRITER = `
import { prepareEnvFile } from ${JSON.stringify(join(import.meta.dirname, 'env-file.ts'))};
const [variableName, secret] = process.argv.slice(-2);
const onSignal = (signal, handler) => { process.on(signal, handler); return () => process.off(signal, handler); };
const prepared = await prepareEnvFile({ workingDirectory: process.cwd(), variableName, onSignal });
if (prepared.kind === 'refused') console.log('prepare: ' + prepared.reason);
else {
  const written = await prepared.write(secret);
  console.log('write: ' + (written.reason ?? written.kind));
}`;

const OLD = 'A=1\nOUTKIT_API_KEY=old\n';
const secret = newSecret();
const NEW = OLD.replace('old', secret);

/** Runs a process that writes the secret, behind a command such as strace. Resolves with what it printed when it is over. */
function runWriter(project: Project, behind: string[], variableName = 'OUTKIT_API_KEY'): Promise<string> {
  const writer = [process.execPath, '--input-type=module', '--eval', WRITER, '--', variableName, secret];
  const [command = '', ...options] = [...behind, ...writer];
  return new Promise((resolve) => {
    execFile(command, options, { cwd: project.directory }, (_, stdout) => resolve(stdout.trim()));
  });
}

/** The n-th call of a system call fails, or brings a signal: strace(1), "Tampering". The first half of the calls prepares. */
function strace(call: string, tampering: string, count: number): string[] {
  return [
    'strace',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:${tampering}:when=${count}`,
  ];
}

describe('a process that is killed', () => {
  const points = [
    ...['mkdir 1', 'fsync 1', 'fchmod 1', 'fsync 2', 'unlink 1', 'unlink 2', 'rmdir 1'],
    ...['mkdir 2', 'fsync 3', 'fchmod 2', 'fsync 4', 'rename 1', 'fsync 5', 'unlink 3', 'rmdir 2'],
  ];

  test('leaves the old file or the new one, nothing that git sees, and nothing after the next run', async (context) => {
    requireStrace(context);
    const outcomes = points.map(async (point) => {
      const [call = '', count = ''] = point.split(' ');
      const project = gitProject('', { '.env.local': OLD });
      expect(await runWriter(project, strace(call, 'signal=SIGKILL', Number(count))), point).toBe('');
      const contents = project.read('.env.local');
      expect([OLD, NEW], point).toContain(contents);
      expect(project.git('status', '--porcelain', '-uall'), point).toBe('?? .env.local\n?? .gitignore\n');
      const workspace = lstatSync(project.path(WORKSPACE_NAME), { throwIfNoEntry: false });
      if (workspace !== undefined) expect(workspace.mode & 0o777, point).toBe(0o700);
      await project.prepared();
      expect(project.names().sort(), point).toEqual(['.env.local', '.gitignore']);
      return contents === NEW;
    });
    const isNew = await Promise.all(outcomes);
    expect(isNew).toEqual(points.map((_, index) => index > points.indexOf('rename 1')));
  });
});

describe('a system call that fails', () => {
  test.for([
    ['mkdir', 'EROFS', 1, 'prepare: not-writable'],
    ['fsync', 'ENOSPC', 2, 'prepare: no-space'],
    ['fchmod', 'EPERM', 1, 'prepare: not-writable'],
    ['mkdir', 'EACCES', 2, 'write: not-writable'],
    ['fsync', 'EDQUOT', 4, 'write: no-space'],
    ['rename', 'EBUSY', 1, 'write: not-writable'],
  ] as const)(
    '%s with %s the %i. time changes nothing and leaves nothing behind',
    async ([call, error, count, outcome], context) => {
      requireStrace(context);
      const project = new Project({ '.env.local': OLD });
      expect(await runWriter(project, strace(call, `error=${error}`, count))).toBe(outcome);
      expect(project.read('.env.local')).toBe(OLD);
      expect(project.names()).toEqual(['.env.local']);
    },
  );

  test('fsync of the directory, which not every file system has, is no failure', async (context) => {
    requireStrace(context);
    const project = new Project({ '.env.local': OLD });
    expect(await runWriter(project, strace('fsync', 'error=EINVAL', 5))).toBe('write: written');
    expect(project.read('.env.local')).toBe(NEW);
  });

  test('a file that would grow beyond the limit of the process is refused before there is a key', async () => {
    const contents = `# ${'x'.repeat(2_000)}\n`;
    const project = new Project({ '.env.local': contents });
    expect(await runWriter(project, ['sh', '-c', 'ulimit -f 1 && exec "$@"', 'sh'])).toBe('prepare: no-space');
    expect(project.read('.env.local')).toBe(contents);
    expect(project.names()).toEqual(['.env.local']);
  });
});

describe('a signal', () => {
  test.for([
    ['SIGINT', 2, 'prepare: SIGINT', OLD],
    ['SIGTERM', 2, 'prepare: SIGTERM', OLD],
    ['SIGINT', 4, 'write: written', NEW],
    ['SIGTERM', 4, 'write: written', NEW],
  ] as const)(
    '%s at the %i. fsync ends in "%s" and leaves nothing behind',
    async ([signal, count, outcome, contents], context) => {
      requireStrace(context);
      const project = new Project({ '.env.local': OLD });
      expect(await runWriter(project, strace('fsync', `signal=${signal}`, count))).toBe(outcome);
      expect(project.read('.env.local')).toBe(contents);
      expect(project.names()).toEqual(['.env.local']);
    },
  );
});

test('two processes at once lose no line', async () => {
  const project = new Project({ '.env.local': 'A=1\n' });
  const names = ['KEY_1', 'KEY_2', 'KEY_3', 'KEY_4', 'KEY_5', 'KEY_6'];
  const outcomes = await Promise.all(names.map((name) => runWriter(project, [], name)));
  const written = names.filter((_, index) => outcomes[index] === 'write: written');
  const lines = project.read('.env.local').trimEnd().split('\n').slice(1);
  expect(lines.sort()).toEqual(written.map((name) => `${name}=${secret}`));
  expect(new Set(outcomes)).toEqual(
    new Set(['write: written', ...(written.length < names.length ? ['write: changed-meanwhile'] : [])]),
  );
});
