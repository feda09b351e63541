import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import type { ProjectSigns } from './detect.ts';
import type { Scripts } from './env-reading.ts';

/** What the nearest `package.json` and the files beside it say of a project. */
export interface PackageFacts extends ProjectSigns {
  /** Folder of `package.json`, or the working directory when there is none. */
  readonly directory: string;
  readonly scripts: Scripts;
  /** `"type": "module"`. */
  readonly isModule: boolean;
  /** Holds other packages: the app is probably one of them. */
  readonly isWorkspaceRoot: boolean;
  /** Why `package.json` was not read; `null` when it was, or when there is none. */
  readonly problem: string | null;
}

const MAX_BYTES = 1024 * 1024;

/** Looks from the working directory upward, not past the root of the repository nor the home directory. Never throws. */
export function readPackageFacts({ cwd, home }: Pick<Io, 'cwd' | 'home'>): PackageFacts {
  const directory = packageDirectory(resolve(cwd), resolve(home)) ?? resolve(cwd);
  const files = new Set([...namesIn(directory), ...namesIn(join(directory, 'src')).map((name) => `src/${name}`)]);
  const read = files.has('package.json') ? readManifest(join(directory, 'package.json')) : { manifest: {} };
  const { manifest } = read;
  return {
    directory,
    files,
    dependencies: new Set(
      ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) => Object.keys(objectAt(manifest, kind))),
    ),
    scripts: Object.fromEntries(
      Object.entries(objectAt(manifest, 'scripts')).filter((entry): entry is [string, string] => {
        return typeof entry[1] === 'string';
      }),
    ),
    isModule: manifest['type'] === 'module',
    isWorkspaceRoot: manifest['workspaces'] !== undefined || files.has('pnpm-workspace.yaml'),
    problem: read.problem ?? null,
  };
}

function packageDirectory(from: string, home: string): string | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const names = namesIn(directory);
    if (names.includes('package.json')) return directory;
    if (names.includes('.git') || directory === home || dirname(directory) === directory) return null;
  }
}

interface ReadManifest {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

function readManifest(path: string): ReadManifest {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) return { manifest: {}, problem: `${path} is no file, or too large` };
    const value: unknown = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
    if (isObject(value)) return { manifest: value };
  } catch {
    // One sentence for all: its own tools say more.
  }
  return { manifest: {}, problem: `${path} cannot be read as JSON` };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function objectAt(manifest: Readonly<Record<string, unknown>>, field: string): Readonly<Record<string, unknown>> {
  const value = manifest[field];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
