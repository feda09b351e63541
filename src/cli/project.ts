import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Io } from './io.ts';

export const CONFIG_NAME = 'outkit.json';
export const DATA_DIRECTORY_NAME = '.outkit';

/** The nearest `name` from the working directory upward, not past the home directory; `null` when there is none. */
export function findUpward(name: string, { cwd, home }: Pick<Io, 'cwd' | 'home'>): string | null {
  let directory = resolve(cwd);
  for (;;) {
    const path = join(directory, name);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return path;
    const parent = dirname(directory);
    if (directory === resolve(home) || parent === directory) return null;
    directory = parent;
  }
}

/**
 * Where the project keeps the data of its `outkit dev`: `OUTKIT_DATA_DIR`, else `.outkit` beside the `outkit.json` in use, else the
 * nearest `.outkit` upward; `null` when there is no such place. The directory need not exist.
 */
export function dataDirectoryOf(io: Pick<Io, 'cwd' | 'home' | 'env'>, configPath: string | null): string | null {
  if (configPath !== null) return dataDirectoryBeside(io, configPath);
  return chosenDataDirectory(io) ?? findUpward(DATA_DIRECTORY_NAME, io);
}

/** The data directory of the project whose `outkit.json` that is, or will be. */
export function dataDirectoryBeside(io: Pick<Io, 'cwd' | 'env'>, configPath: string): string {
  return chosenDataDirectory(io) ?? join(dirname(configPath), DATA_DIRECTORY_NAME);
}

function chosenDataDirectory({ cwd, env }: Pick<Io, 'cwd' | 'env'>): string | null {
  const chosen = env['OUTKIT_DATA_DIR'];
  return chosen === undefined || chosen === '' ? null : resolve(cwd, chosen);
}
