import { constants } from 'node:fs';
import { open, opendir, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { shownPathOf } from '../env-file/location.ts';
import { embeddedSecrets } from './embedded-secrets.ts';
import type { SeenSecret } from './seen-secret.ts';

/** A key in a file that browsers get. */
export interface SecretInBuild {
  readonly secret: SeenSecret;
  /** `dist/app.js:1:4711`: line and column from 1. */
  readonly place: string;
}

export interface BuildSearch {
  /** Those that are there, as messages show them. */
  readonly folders: readonly string[];
  readonly found: readonly SecretInBuild[];
  readonly files: number;
  readonly leftOut: { readonly oversized: number; readonly unreadable: number; readonly links: number };
  /** What ended the search before its end, such as `20000 files`. */
  readonly stoppedBy: string | null;
}

export interface BuildLimits {
  readonly files: number;
  readonly bytes: number;
  readonly timeMs: number;
}

/** What frameworks and bundlers give to browsers, from the folder of the app. */
const OUTPUT_FOLDERS = [
  '.next/static',
  'dist',
  'build',
  'public',
  'out',
  '.output/public',
  '.svelte-kit/output/client',
];
const BINARY =
  /^\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|heic|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|mov|avi|mkv|og[gv]|wav|flac|aac|pdf|zip|gz|br|zst)$/i;
const MIB = 1024 * 1024;
const MAX_FILE_BYTES = 5 * MIB;
const MAX_FOUND = 1_000;
const LIMITS: BuildLimits = { files: 20_000, bytes: 500 * MIB, timeMs: 10_000 };
const FOR_READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Searches the build output of apps, source maps included and binary files not. Follows no link, and has an end in files, bytes and time. */
export async function searchBuilds(
  apps: readonly string[],
  workingDirectory: string,
  limits: BuildLimits = LIMITS,
): Promise<BuildSearch> {
  const search = new Search(workingDirectory, limits);
  for (const app of apps) {
    for (const name of OUTPUT_FOLDERS) await search.searchFolder(await realpath(app).catch(() => app), name);
  }
  return search.result();
}

class Search {
  readonly #workingDirectory: string;
  readonly #limits: BuildLimits;
  readonly #end: number;
  readonly #folders = new Set<string>();
  readonly #found: SecretInBuild[] = [];
  readonly #leftOut = { oversized: 0, unreadable: 0, links: 0 };
  #files = 0;
  #bytes = 0;
  #stoppedBy: string | null = null;

  constructor(workingDirectory: string, limits: BuildLimits) {
    this.#workingDirectory = workingDirectory;
    this.#limits = limits;
    this.#end = performance.now() + limits.timeMs;
  }

  async searchFolder(app: string, name: string): Promise<void> {
    const path = join(app, name);
    const real = await realpath(path).catch(() => null);
    if (real === null || this.#folders.has(path)) return;
    this.#folders.add(path);
    if (real !== path) this.#leftOut.links++;
    else if (this.#stoppedBy === null) await this.#searchDirectory(path);
  }

  result(): BuildSearch {
    const folders = [...this.#folders].map((path) => this.#shown(path));
    return { folders, found: this.#found, files: this.#files, leftOut: this.#leftOut, stoppedBy: this.#stoppedBy };
  }

  async #searchDirectory(first: string): Promise<void> {
    const waiting = [first];
    for (let path = waiting.pop(); path !== undefined && this.#stoppedBy === null; path = waiting.pop()) {
      const entries = await opendir(path).catch(() => null);
      if (entries === null) {
        this.#leftOut.unreadable++;
        continue;
      }
      for await (const entry of entries) {
        this.#stoppedBy = this.#reachedLimit();
        if (this.#stoppedBy !== null) return;
        const child = join(path, entry.name);
        if (entry.isSymbolicLink()) this.#leftOut.links++;
        else if (entry.isDirectory()) waiting.push(child);
        else if (entry.isFile() && !BINARY.test(extname(entry.name))) await this.#searchFile(child);
      }
    }
  }

  async #searchFile(path: string): Promise<void> {
    const text = await this.#contentsOf(path).catch(() => null);
    if (text === null) {
      this.#leftOut.unreadable++;
      return;
    }
    const told = new Set<string>();
    for (const { secret, index } of embeddedSecrets(text)) {
      if (told.has(secret.hash)) continue;
      if (this.#found.length >= MAX_FOUND) {
        this.#stoppedBy = this.#reachedLimit();
        return;
      }
      told.add(secret.hash);
      this.#found.push({ secret, place: `${this.#shown(path)}:${positionOf(text, index)}` });
    }
  }

  async #contentsOf(path: string): Promise<string> {
    await using file = await open(path, FOR_READING);
    const stats = await file.stat();
    if (!stats.isFile()) return '';
    if (stats.size > MAX_FILE_BYTES) {
      this.#leftOut.oversized++;
      return '';
    }
    const contents = Buffer.allocUnsafe(stats.size);
    // A file that grows meanwhile is read as far as it went.
    const { bytesRead } = await file.read(contents, 0, stats.size, 0);
    this.#files++;
    this.#bytes += bytesRead;
    return contents.toString('latin1', 0, bytesRead);
  }

  #reachedLimit(): string | null {
    const { files, bytes, timeMs } = this.#limits;
    if (this.#files >= files) return `${files} files`;
    if (this.#bytes >= bytes) return `${Math.round(bytes / MIB)} MiB`;
    if (this.#found.length >= MAX_FOUND) return `${MAX_FOUND} keys`;
    return performance.now() > this.#end ? `${timeMs / 1000} s` : null;
  }

  #shown(path: string): string {
    return shownPathOf(path, this.#workingDirectory);
  }
}

function positionOf(text: string, index: number): string {
  const before = text.slice(0, index).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
