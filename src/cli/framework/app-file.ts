import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the app that `outkit init` offers to make. */
export interface AppFile {
  /** From the folder of `package.json`. */
  readonly file: string;
  readonly code: string;
  /** The file that is there already, whatever its ending; `null` when there is none. */
  readonly existing: string | null;
}

const ENDINGS = ['ts', 'js', 'mjs', 'tsx', 'jsx'];

/** What stands at a path without its ending already, be it a link to nothing; `null` when nothing does, or nobody can look. */
export function existingFile(directory: string, place: string): string | null {
  const names = ENDINGS.map((ending) => `${place}.${ending}`);
  return names.find((name) => isThere(join(directory, name))) ?? null;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A folder above is none: whoever writes there says so.
    return false;
  }
}
