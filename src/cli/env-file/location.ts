import { existsSync, lstatSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { shellWord } from '../command-line.ts';
import { findRepositoryRoot, type GitStatus, readGitStatus } from './git.ts';
import { type EnvFileRefusal, refuse, systemErrorCode } from './refusal.ts';
import { projectDirectory, type Target, type TargetRequest } from './target.ts';

/** Where an env file really is, all symbolic links followed, and how to call it in messages. */
export interface Location {
  readonly kind: 'located';
  readonly directory: string;
  readonly name: string;
  readonly path: string;
  /** Relative to the working directory where that is shorter to read. */
  readonly shownPath: string;
  readonly gitStatus: Exclude<GitStatus, 'tracked'>;
}

const STICKY_BIT = 0o1000;
const OTHER_FILE = 'name another file with --env-file=<path>.';

/**
 * Follows the target to the real file and refuses where a key must not go: through a link that somebody else may have put
 * there, through a link or an `envFile` that leaves the project (git root, else folder of `outkit.json`), or into a file that
 * git tracks.
 */
export async function locate(target: Target, request: TargetRequest): Promise<Location | EnvFileRefusal> {
  const shownPath = shownPathOf(target.path, request.workingDirectory);
  if (target.path.includes('\0'))
    return refuse('invalid-path', 'The path of the env file holds a NUL byte.', OTHER_FILE);
  const real = followLinks(target.path, shownPath);
  if (real.kind === 'refused') return real;
  const { path, isLink } = real;
  const project = projectDirectory(request);
  const mustStayInside = isLink || target.chosenBy === 'configuration' || isInside(target.path, project);
  if (mustStayInside && !isInside(path, projectRoot(project))) {
    return refuse(
      'outside-project',
      `${shownPath} leads out of the project.`,
      'give the real path with --env-file=<path>.',
    );
  }
  const directory = dirname(path);
  const name = basename(path);
  const gitStatus = await readGitStatus(directory, name);
  if (gitStatus === 'tracked') {
    const tryThis = `git rm --cached ${shellWord(name)} in its directory, or name another file with --env-file=<path>.`;
    return refuse('tracked', `${shownPath} is tracked by git: a key in it would be committed.`, tryThis);
  }
  // A file that does not exist yet can be warned about; one that exists may well be committed.
  if (gitStatus === 'unknown' && statOf(path) !== undefined) {
    const what = `git does not tell whether it tracks ${shownPath}.`;
    return refuse('git-unreadable', what, 'run git status in its directory to see why.');
  }
  return { kind: 'located', directory, name, path, shownPath, gitStatus };
}

/** A path as messages show it: relative to the working directory when it is inside, absolute otherwise. */
export function shownPathOf(path: string, workingDirectory: string): string {
  return isInside(path, workingDirectory) ? relative(workingDirectory, path) : path;
}

interface RealFile {
  readonly kind: 'real';
  readonly path: string;
  /** The name itself, and not only a directory on the way, is a symbolic link. */
  readonly isLink: boolean;
}

function followLinks(target: string, shownPath: string): RealFile | EnvFileRefusal {
  try {
    const untrusted = findUntrustedLink(target);
    if (untrusted !== undefined) {
      const what = `${untrusted} is a symbolic link in a directory that everybody may write to.`;
      return refuse('untrusted-link', what, OTHER_FILE);
    }
    const path = join(realpathSync(dirname(target)), basename(target));
    if (statOf(path)?.isSymbolicLink() !== true) return { kind: 'real', path, isLink: false };
    if (existsSync(path)) return { kind: 'real', path: realpathSync(path), isLink: true };
    return refuse(
      'dangling-link',
      `${shownPath} is a symbolic link to nothing.`,
      'remove the link, or create the file it names.',
    );
  } catch (error) {
    const what = `The directory of ${shownPath} cannot be reached (${systemErrorCode(error)}).`;
    return refuse('missing-directory', what, 'create the directory, or name another file with --env-file=<path>.');
  }
}

/** As Linux does with `protected_symlinks`: in a sticky directory such as `/tmp` anybody may have made the link. */
function findUntrustedLink(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path) return undefined;
  const isUntrusted = statOf(path)?.isSymbolicLink() === true && (lstatSync(parent).mode & STICKY_BIT) !== 0;
  return isUntrusted ? path : findUntrustedLink(parent);
}

function projectRoot(project: string): string {
  const real = realpathSync(project);
  return findRepositoryRoot(real) ?? real;
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
