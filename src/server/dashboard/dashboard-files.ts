import { readdir, readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';

/** A file of the built dashboard, as it is and compressed. */
export interface DashboardFile {
  readonly type: string;
  readonly plain: Buffer;
  /** By the name of the encoding. */
  readonly encoded: Readonly<Partial<Record<Encoding, Buffer>>>;
}

/** The built dashboard, in memory: its one document, and what that loads, by name. */
export interface DashboardFiles {
  readonly document: DashboardFile;
  readonly assets: ReadonlyMap<string, DashboardFile>;
}

/** The best first. */
export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const ENDINGS: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

/** Any other file is none of the dashboard. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads what `npm run build` made, from the package that this file is in; `null` when that was not built. */
export async function readDashboardFiles(): Promise<DashboardFiles | null> {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) return null;
  const directory = join(dirname(manifest), 'dist', 'dashboard');
  try {
    const names = await readdir(join(directory, 'assets'));
    const assets = names.filter((name) => typeOf(name) !== undefined);
    return {
      document: await readFileOf(directory, 'index.html'),
      assets: new Map(
        await Promise.all(
          assets.map(async (name) => [name, await readFileOf(join(directory, 'assets'), name)] as const),
        ),
      ),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function readFileOf(directory: string, name: string): Promise<DashboardFile> {
  const path = join(directory, name);
  const encoded: Partial<Record<Encoding, Buffer>> = {};
  for (const encoding of ENCODINGS) {
    const bytes = await readFile(path + ENDINGS[encoding]).catch(() => null);
    if (bytes !== null) encoded[encoding] = bytes;
  }
  return { type: typeOf(name) ?? 'application/octet-stream', plain: await readFile(path), encoded };
}

function typeOf(name: string): string | undefined {
  return TYPES[extname(name)];
}
