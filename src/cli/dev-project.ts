import { existsSync } from 'node:fs';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { OutkitError } from '../core/errors.ts';
import { readConfig } from './config.ts';
import { readGitStatus } from './env-file/git.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { CONFIG_NAME, DATA_DIRECTORY_NAME, dataDirectoryOf, findUpward } from './project.ts';

type ProjectIo = Pick<Io, 'cwd' | 'home' | 'env'>;

/** Where `outkit dev` keeps its data: as the commands of the project look for it, else `.outkit` in the working directory. */
export function projectDataDirectory(io: ProjectIo, configPath: string | undefined): string {
  return dataDirectoryOf(io, configOf(io, configPath)) ?? join(io.cwd, DATA_DIRECTORY_NAME);
}

/** The `outkit.json` in force; `null` when there is none, also under the name that was given: then it is to be made. */
export async function readConfigIfAny(io: Io, configPath: string | undefined, output: Output) {
  const path = configOf(io, configPath);
  return path === null || !existsSync(path) ? null : readConfig(io, configPath, output);
}

/** Makes the project ready for its commands: an `outkit.json`, and a data directory that git ignores. Returns what it did, a line each. */
export async function prepareProject(
  io: ProjectIo,
  configPath: string | undefined,
  dataDirectory: string,
  profileId: string,
): Promise<string[]> {
  const config = configOf(io, configPath) ?? join(io.cwd, CONFIG_NAME);
  const done: string[] = [];
  if (!existsSync(config)) {
    await createConfig(config, profileId);
    done.push(`Created ${basename(config)}: keys belong to profile ${profileId}`);
  }
  if (await ignoreInGit(dirname(config), dataDirectory)) done.push(`Added ${basename(dataDirectory)}/ to .gitignore`);
  return done;
}

function configOf(io: ProjectIo, named: string | undefined): string | null {
  const path = named ?? (io.env['OUTKIT_CONFIG'] || undefined);
  return path === undefined ? findUpward(CONFIG_NAME, io) : resolve(io.cwd, path);
}

/** Under another name first: a crash must not leave an empty file, which the next start would take for the project's own. */
async function createConfig(path: string, profile: string): Promise<void> {
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify({ profile }, null, 2)}\n`, { flag: 'wx', flush: true });
  await rename(temporary, path);
}

/** Adds the data directory to the project's `.gitignore`, also before there is a repository: the first `git add .` must not take it. */
async function ignoreInGit(project: string, dataDirectory: string): Promise<boolean> {
  const way = relative(project, dataDirectory);
  if (way === '' || way.startsWith('..')) return false;
  if ((await readGitStatus(project, way)) === 'ignored') return false;
  const path = join(project, '.gitignore');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new OutkitError('data_directory', `${path} cannot be read: ${error.code}`, `add ${way}/ to it`, {
      cause: error,
    });
  });
  const pattern = `/${way.split(sep).join('/')}/`;
  if (text.split(/\r?\n/).includes(pattern)) return false;
  await appendFile(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${pattern}\n`);
  return true;
}
