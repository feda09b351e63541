import { spawn } from 'node:child_process';
import { extname, isAbsolute } from 'node:path';
import { isServerUrl } from '../client/server-url.ts';
import type { Environ } from './io.ts';

const START_MS = 3000;

/** True where a browser can be opened for whoever sits at the terminal: not over SSH, and not without a display. */
function hasBrowser(platform: NodeJS.Platform, env: Environ): boolean {
  if (isSet(env, 'SSH_CONNECTION') || isSet(env, 'SSH_TTY')) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return isSet(env, 'DISPLAY') || isSet(env, 'WAYLAND_DISPLAY');
}

/**
 * Hands the page to the one program of the platform that opens pages, without a shell. Rejects when that does not start or fails at once,
 * and for an address that is not of a server that credentials may go to: such a program also opens files and other programs.
 */
export async function openBrowser(url: string, platform: NodeJS.Platform, env: Environ): Promise<void> {
  const address = new URL(url);
  if (!isServerUrl(address.origin) || address.username !== '' || !/^https?:$/.test(address.protocol)) {
    throw new Error('that is no page of a server');
  }
  await handOver(address.href, platform, env);
}

/** The same for a page that we wrote into a file. */
export async function openPageFile(path: string, platform: NodeJS.Platform, env: Environ): Promise<void> {
  if (!isAbsolute(path) || extname(path) !== '.html') throw new Error('that is no page of ours');
  await handOver(path, platform, env);
}

async function handOver(place: string, platform: NodeJS.Platform, env: Environ): Promise<void> {
  if (!hasBrowser(platform, env)) throw new Error('there is no browser');
  const [program, ...args] = openerFor(platform);
  await started(program, [...args, place]);
}

function openerFor(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['rundll32.exe', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}

/** Some openers end at once and some with the browser: what still runs after a while has worked. */
function started(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    const patience = setTimeout(resolve, START_MS);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
    child.once('close', () => clearTimeout(patience));
    child.unref();
  });
}

function isSet(env: Environ, name: string): boolean {
  return (env[name] ?? '') !== '';
}
