import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GIT_OPTIONS, gitEnvironment } from '../env-file/git.ts';
import type { Repository } from './git-history.ts';
import { type SeenSecret, secretsIn } from './seen-secret.ts';

/** A key in a file that git would commit. */
export interface SecretInFile {
  readonly secret: SeenSecret;
  /** From the root of the repository. */
  readonly path: string;
  /** Tracked already; else the next `git add .` takes it. */
  readonly isTracked: boolean;
}

export interface TreeSearch {
  readonly found: readonly SecretInFile[];
  readonly files: number;
  readonly isComplete: boolean;
}

const TIME_MS = 10_000;
const MAX_LIST_BYTES = 64 * 1024 * 1024;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Searches the files that git tracks and those that it neither tracks nor ignores, apart from `except`. Rejects when git cannot list them. */
export async function searchWorkingTree(repository: Repository, except: string | null): Promise<TreeSearch> {
  const end = performance.now() + TIME_MS;
  const tracked = await listFiles(repository, ['--cached']);
  const untracked = await listFiles(repository, ['--others', '--exclude-standard']);
  const found: SecretInFile[] = [];
  let files = 0;
  for (const [paths, isTracked] of [
    [tracked, true],
    [untracked, false],
  ] as const) {
    for (const path of paths) {
      if (performance.now() > end) return { found, files, isComplete: false };
      const fullPath = join(repository.root, path);
      if (fullPath === except) continue;
      files++;
      for (const secret of secretsIn(await contentsOf(fullPath))) found.push({ secret, path, isTracked });
    }
  }
  return { found, files, isComplete: true };
}

async function listFiles({ root, env }: Repository, which: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', [...GIT_OPTIONS, 'ls-files', '-z', ...which], {
    cwd: root,
    env: gitEnvironment(env),
    timeout: TIME_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_LIST_BYTES,
    windowsHide: true,
  });
  return [...new Set(stdout.split('\0'))].filter((path) => path !== '');
}

/** Nothing for what is no file of a readable size: a link, a submodule, one that was deleted. */
async function contentsOf(path: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using file = await open(path, flags).catch(() => null);
  if (file === null) return '';
  const stats = await file.stat();
  return stats.isFile() && stats.size <= MAX_FILE_BYTES ? await file.readFile('latin1') : '';
}
