import { closeSync, lstatSync, mkdirSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import { findRepositoryRoot } from '../env-file/git.ts';
import { systemErrorCode } from '../env-file/refusal.ts';
import { visible } from '../visible-text.ts';

/** `exists`: something has that name already, and stays as it is. */
export type NewFileOutcome = 'written' | 'exists';

/**
 * Makes a file of the app, with the folders above it, and never replaces anything. Throws `app_file` where the path leads out of the
 * project (git root, else the folder itself), be it through a link, or cannot be written.
 */
export function writeNewFile(directory: string, file: string, text: string): NewFileOutcome {
  const path = realPlace(directory, file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Exclusive: it follows no link and opens nothing that is there, also when that came a moment ago.
    const descriptor = openSync(path, 'wx');
    try {
      writeFileSync(descriptor, text);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
    return 'written';
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return 'exists';
    throw new OutkitError('app_file', `${visible(file)} cannot be written (${code})`, 'outkit init --no-proxy');
  }
}

/** The real path of a file that need not be there. Throws `app_file` where it is out of the project. */
export function realPlace(directory: string, file: string): string {
  const real = realpathSync(directory);
  const root = findRepositoryRoot(real) ?? real;
  const path = join(realFolder(dirname(join(real, file)), file), basename(file));
  if (isBelow(path, root)) return path;
  throw new OutkitError('app_file', `${visible(file)} leads out of the project`, 'outkit init --no-proxy');
}

/** Links are followed as far as there are folders; what is not there yet is no link. */
function realFolder(folder: string, file: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' && !isLink(folder)) return join(realFolder(dirname(folder), file), basename(folder));
    throw new OutkitError(
      'app_file',
      `The folder of ${visible(file)} cannot be used (${code})`,
      'outkit init --no-proxy',
    );
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
