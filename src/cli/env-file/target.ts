import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readGitStatus } from './git.ts';

/** Where a command runs and what was asked for. Directories are absolute. */
export interface TargetRequest {
  readonly workingDirectory: string;
  /** The path of `--env-file=<path>`, relative to the working directory. */
  readonly explicitPath?: string | undefined;
  /** The folder of `outkit.json` and its `envFile`, which is relative to that folder. */
  readonly configuration?: { readonly directory: string; readonly envFile?: string | undefined } | undefined;
}

/** The file to write, as an absolute path that nothing has been checked about yet. */
export interface Target {
  readonly path: string;
  readonly chosenBy: 'flag' | 'configuration' | 'discovery';
}

const WRANGLER_FILES = ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'];

/**
 * Chooses the env file: the path given, else `envFile` of `outkit.json`, else what the project has: `.env.local`, then
 * `.dev.vars` beside a wrangler configuration, then a `.env` that git does not see, else a new `.env.local`.
 */
export async function chooseTarget(request: TargetRequest): Promise<Target> {
  const { workingDirectory, explicitPath, configuration } = request;
  if (explicitPath !== undefined) return { path: resolve(workingDirectory, explicitPath), chosenBy: 'flag' };
  const directory = projectDirectory(request);
  if (configuration?.envFile !== undefined) {
    return { path: resolve(directory, configuration.envFile), chosenBy: 'configuration' };
  }
  return { path: join(directory, await discoverName(directory)), chosenBy: 'discovery' };
}

/** The folder of `outkit.json`, or the working directory when there is none. */
export function projectDirectory(request: TargetRequest): string {
  return request.configuration?.directory ?? request.workingDirectory;
}

async function discoverName(directory: string): Promise<string> {
  const has = (name: string): boolean => existsSync(join(directory, name));
  if (has('.env.local')) return '.env.local';
  if (has('.dev.vars') && WRANGLER_FILES.some(has)) return '.dev.vars';
  if (has('.env')) {
    const status = await readGitStatus(directory, '.env');
    if (status === 'ignored' || status === 'outside') return '.env';
  }
  return '.env.local';
}
