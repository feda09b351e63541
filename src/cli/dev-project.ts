import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { OutkitError } from '../core/errors.ts';
import { readConfig } from './config.ts';
import { readGitStatus } from './env-file/git.ts';
import { addToGitignore } from './env-file/gitignore.ts';
import { shownPathOf } from './env-file/location.ts';
import { takeSnapshot } from './env-file/snapshot.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { CONFIG_NAME, dataDirectoryBeside, findUpward } from './project.ts';
import { visible } from './visible-text.ts';

type ProjectIo = Pick<Io, 'cwd' | 'home' | 'env'>;

/** Where `outkit dev` keeps its data: where the commands of the project will look for it, once it has an `outkit.json`. */
export function projectDataDirectory(io: ProjectIo, configPath: string | undefined): string {
  return dataDirectoryBeside(io, configOf(io, configPath) ?? join(io.cwd, CONFIG_NAME));
}

/** The `outkit.json` in force; `null` when there is none, also under the name that was given: then it is to be made. */
export async function readConfigIfAny(io: Io, configPath: string | undefined, output: Output) {
  const path = configOf(io, configPath);
  return path === null || !existsSync(path) ? null : readConfig(io, configPath, output);
}

interface PreparedProject {
  readonly configPath: string | undefined;
  readonly dataDirectory: string;
  readonly profileId: string;
}

/** Makes the project ready for its commands: an `outkit.json`, and a data directory that git ignores. Says what it did. */
export async function prepareProject(
  { configPath, dataDirectory, profileId }: PreparedProject,
  io: Io,
  output: Output,
): Promise<void> {
  const config = configOf(io, configPath) ?? join(io.cwd, CONFIG_NAME);
  if (!existsSync(config)) {
    await createConfig(config, profileId);
    output.note(`Created ${basename(config)}: keys belong to profile ${profileId}`);
  }
  await ignoreInGit(dirname(config), dataDirectory, io, output);
}

function configOf(io: ProjectIo, named: string | undefined): string | null {
  const path = named ?? (io.env['OUTKIT_CONFIG'] || undefined);
  return path === undefined ? findUpward(CONFIG_NAME, io) : resolve(io.cwd, path);
}

/** Under another name first: a crash must not leave an empty file, which the next start would take for the project's own. */
async function createConfig(path: string, profile: string): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, `${JSON.stringify({ profile }, null, 2)}\n`, { flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OutkitError('invalid_config', `${path} cannot be made: ${code}`, null, { cause: error });
  }
}

/**
 * Adds a data directory inside the project to `.gitignore`, also before there is a repository. What stands in the way is told and no
 * more: a data directory that we made has a `.gitignore` of its own.
 */
async function ignoreInGit(project: string, dataDirectory: string, io: Io, output: Output): Promise<void> {
  if (relative(project, dataDirectory).startsWith('..')) return;
  const [directory, name] = [dirname(dataDirectory), basename(dataDirectory)];
  const status = await readGitStatus(directory, name);
  if (status === 'ignored' || (status === 'outside' && isNamed(directory, name))) return;
  const shownPath = shownPathOf(dataDirectory, io.cwd);
  const added = await addToGitignore({ directory, name, shownPath }, io.cwd, io.onSignal);
  if (added.kind === 'ignored') output.note(`Added ${name} to ${visible(added.shownPath)}`);
  else output.warn(`git may take ${visible(shownPath)}: ${visible(added.what)}`);
}

function isNamed(directory: string, name: string): boolean {
  const path = join(directory, '.gitignore');
  const found = takeSnapshot(path, path);
  if (found.kind !== 'file') return false;
  const lines = found.contents.toString('latin1').split(/\r?\n/);
  return [`/${name}`, `/${name}/`, name, `${name}/`].some((pattern) => lines.includes(pattern));
}
