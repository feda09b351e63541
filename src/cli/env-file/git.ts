import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env as inherited } from 'node:process';
import { promisify } from 'node:util';

/**
 * What git says about a file. `outside`: no repository is above it. `unknown`: there is one, but git is not installed, did
 * not answer in time or refused to read it.
 */
export type GitStatus = 'tracked' | 'ignored' | 'not-ignored' | 'outside' | 'unknown';

const GIT_TIMEOUT_MS = 5_000;

/** For every call of git: a repository may name a program in `core.fsmonitor`, and asking about files must not run it. */
export const GIT_OPTIONS: readonly string[] = ['-c', 'core.fsmonitor=false'];

/**
 * For every call of git: it asks nobody, writes nothing and gets nothing from elsewhere. A partial clone fetches what it lacks from
 * where its configuration says, with a program that the configuration names. Git before 2.44 only obeys the list of protocols.
 */
export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return {
    ...env,
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}

const run = promisify(execFile);

/** Asks git about the file `name`, existing or not, in a directory. Never throws; takes at most ten seconds. */
export async function readGitStatus(directory: string, name: string): Promise<GitStatus> {
  if (findRepositoryRoot(directory) === undefined) return 'outside';
  try {
    // Without regard to case, because `.ENV` and `.env` are one file on the disks of macOS and Windows.
    const tracked = await git(directory, ['ls-files', '-z', '--', `:(icase,literal)${name}`]);
    if (tracked !== '') return 'tracked';
    // With the dot in front, a name that starts with a colon is still a name.
    await git(directory, ['check-ignore', '--quiet', '--', `./${name}`]);
    return 'ignored';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 1 ? 'not-ignored' : 'unknown';
  }
}

/** The nearest directory upward that holds `.git`, itself included. */
export function findRepositoryRoot(directory: string): string | undefined {
  if (existsSync(join(directory, '.git'))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : findRepositoryRoot(parent);
}

async function git(directory: string, command: string[]): Promise<string> {
  const { stdout } = await run('git', [...GIT_OPTIONS, ...command], {
    cwd: directory,
    // What a program gets that is given none, and what must be in it.
    env: gitEnvironment(inherited),
    timeout: GIT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  return stdout;
}
