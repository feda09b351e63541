import { basename, dirname, join, relative } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import { readGitStatus } from '../env-file/git.ts';
import { addToGitignore } from '../env-file/gitignore.ts';
import { takeSnapshot } from '../env-file/snapshot.ts';
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
  const snapshot = takeSnapshot(join(directory, '.gitignore'), '.gitignore');
  const lines = snapshot.kind === 'file' ? snapshot.contents.toString('utf8').split(/\r?\n/) : [];
  return !isCovered(lines, name, isDirectory);
}

function isBelow(directory: string, path: string): boolean {
  return !relative(directory, path).startsWith('..');
}

/** Patterns with these are left to git. */
const MORE_THAN_A_NAME = /^#|[*?[\]\\/]|\s$/;

/**
 * What git would say in a repository to come, the last rule that fits wins: of rules that are a name, or the beginning of one and a
 * `*`. One that says more does not cover, and uncovers where it begins with `!`.
 */
export function isCovered(lines: readonly string[], name: string, isDirectory: boolean): boolean {
  let covered = false;
  for (const line of lines) {
    if (line.startsWith('!')) covered &&= judge(line.slice(1), name, isDirectory) === 'no';
    else covered ||= judge(line, name, isDirectory) === 'yes';
  }
  return covered;
}

function judge(rule: string, name: string, isDirectory: boolean): 'yes' | 'no' | 'unknown' {
  const anywhere = rule.startsWith('/') ? rule.slice(1) : rule;
  const pattern = isDirectory && anywhere.endsWith('/') ? anywhere.slice(0, -1) : anywhere;
  const start = pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
  if (MORE_THAN_A_NAME.test(start)) return 'unknown';
  return name === pattern || (start !== pattern && name.startsWith(start)) ? 'yes' : 'no';
}
