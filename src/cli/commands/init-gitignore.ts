import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import { readGitStatus } from '../env-file/git.ts';
import { addToGitignore } from '../env-file/gitignore.ts';
import type { Io } from '../io.ts';

/** A file or directory that must never be committed, and that nothing keeps git from taking. */
export interface Exposed {
  readonly directory: string;
  readonly name: string;
  readonly shownPath: string;
}

interface Candidate extends Exposed {
  readonly isDirectory: boolean;
}

/** Of the env file and the data directory of `outkit dev`, those that `git add .` would take, now or after a `git init`. */
export async function findExposed(
  envFile: { readonly path: string; readonly shownPath: string },
  dataDirectory: string | null,
  project: string,
): Promise<Exposed[]> {
  const candidates: Candidate[] = [
    {
      directory: dirname(envFile.path),
      name: basename(envFile.path),
      shownPath: envFile.shownPath,
      isDirectory: false,
    },
  ];
  if (dataDirectory !== null && isBelow(project, dataDirectory)) {
    const name = basename(dataDirectory);
    candidates.push({ directory: dirname(dataDirectory), name, shownPath: `${name}/`, isDirectory: true });
  }
  const areExposed = await Promise.all(candidates.map((candidate) => isExposed(candidate, project)));
  return candidates.filter((_, index) => areExposed[index]);
}

/** Throws `env_file_failed` when git would still take one of them. */
export async function hideFromGit(exposed: readonly Exposed[], io: Io): Promise<void> {
  for (const location of exposed) {
    const ignored = await addToGitignore(location, io.cwd, io.onSignal);
    if (ignored.kind === 'ignored') continue;
    throw new OutkitError('env_file_failed', ignored.what.replace(/\.$/, ''), ignored.tryThis.replace(/\.$/, ''));
  }
}

/** Before there is a repository, only what lies in the folder of `outkit.json` can be expected to get into one. */
async function isExposed({ directory, name, isDirectory }: Candidate, project: string): Promise<boolean> {
  const status = await readGitStatus(directory, name);
  if (status !== 'outside') return status === 'not-ignored';
  if (!isBelow(project, directory)) return false;
  const text = await readFile(join(directory, '.gitignore'), 'utf8').catch(() => '');
  return !isCovered(text.split(/\r?\n/), name, isDirectory);
}

function isBelow(directory: string, path: string): boolean {
  return !relative(directory, path).startsWith('..');
}

/** What git would say in a repository to come, by the patterns that stand in such files; the last that fits wins. */
export function isCovered(lines: readonly string[], name: string, isDirectory: boolean): boolean {
  let covered = false;
  for (const line of lines) {
    const [, not, pattern = '', slash] = /^(!?)\/?([^/#!][^/]*?)(\/?)\s*$/.exec(line) ?? [];
    if (pattern === '' || (slash === '/' && !isDirectory)) continue;
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.');
    if (new RegExp(`^${source}$`).test(name)) covered = not === '';
  }
  return covered;
}
