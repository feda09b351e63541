import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import { type DataFiles, withCompanions } from './data-files.ts';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHER_PEOPLE = 0o077;

/** Makes the directory, or checks that an existing one is ours alone. `data_directory` when it cannot be. */
export function prepareDirectory({ directory, database }: DataFiles): void {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) makeDirectory(directory);
  const stats = lstatSync(directory);
  if (!stats.isDirectory()) throw linkOrNoDirectory(directory);
  requireOwner(directory, stats);
  if ((stats.mode & OTHER_PEOPLE) === 0) return;
  const names = readdirSync(directory);
  // Somebody's home or project must not be closed to others because it was named by mistake.
  if (names.length > 0 && statSync(database, { throwIfNoEntry: false }) === undefined) {
    throw refusal(
      `${directory} holds other files and is open to other people.`,
      `Name an empty directory, or run: chmod 700 ${directory}`,
    );
  }
  chmodSync(directory, DIRECTORY_MODE);
}

/** Git takes nothing of a directory that we made, from its first moment on: the first `git add .` must not find a credential. */
function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  writeFileSync(join(directory, '.gitignore'), '*\n', { flag: 'wx', mode: FILE_MODE });
}

/** Makes every file of the directory that exists readable to its owner only, and refuses links and files of other people. */
export function secureFiles({ database, newDatabase, lock, processId }: DataFiles): void {
  for (const path of [...[database, newDatabase, lock].flatMap(withCompanions), processId]) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isFile()) throw refusal(`${path} is a link or no file at all.`, 'Put the file itself in its place.');
    requireOwner(path, stats);
    if ((stats.mode & OTHER_PEOPLE) !== 0) chmodSync(path, FILE_MODE);
  }
}

/** Makes an empty file unless there is one, which is not opened: that could drop locks which this process holds on it. */
export function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', FILE_MODE));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
}

function requireOwner(path: string, stats: Stats): void {
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user) {
    throw refusal(
      `${path} belongs to another user (uid ${stats.uid}).`,
      'Run as that user, or name another directory.',
    );
  }
}

function linkOrNoDirectory(directory: string): OutkitError {
  const what = `The data directory ${directory} cannot be used: it is a link or no directory.`;
  return refusal(what, 'Name the directory itself, or move what is in its place.');
}

export function refusal(message: string, hint: string, cause?: unknown): OutkitError {
  return new OutkitError('data_directory', message, hint, { cause });
}
