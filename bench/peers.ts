import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const DIRECTORY = fileURLToPath(new URL('peers/', import.meta.url));
const run = promisify(execFile);

/** Installs what Outkit is compared with, as `peers/package-lock.json` has it. Takes a minute or two the first time. */
export async function installPeers(progress: (text: string) => void): Promise<void> {
  if (existsSync(`${DIRECTORY}node_modules/.package-lock.json`)) return;
  progress('installing the peers');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: DIRECTORY });
}

/** A module of a peer, which has no types here: the caller says what it uses. */
export async function importPeer<Module>(name: string): Promise<Module> {
  const path = createRequire(`${DIRECTORY}package.json`).resolve(name);
  return (await import(pathToFileURL(path).href)) as Module;
}

export async function versionOf(name: string): Promise<string> {
  const text = await readFile(`${DIRECTORY}node_modules/${name}/package.json`, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The program of a peer, as npm would run it; `null` when it could not be installed. */
export function peerProgram(name: string): string | null {
  const path = `${DIRECTORY}node_modules/.bin/${name}`;
  return existsSync(path) ? path : null;
}

/** A program of the system, installed by Debian's packages where that is possible; `null` when it is not there. */
export async function debianProgram(name: string, progress: (text: string) => void): Promise<string | null> {
  const find = () =>
    run('sh', ['-c', `command -v ${name}`]).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    );
  const found = await find();
  if (found !== null) return found;
  progress(`apt-get install ${name}`);
  await run('apt-get', ['install', '-y', '-qq', name]).catch(() => null);
  return find();
}
