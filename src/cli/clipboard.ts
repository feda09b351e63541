import { spawn } from 'node:child_process';
import type { Environ } from './io.ts';

const TIMEOUT_MS = 3000;

/** Hands the text to the first clipboard program that takes it, on its standard input: never as an argument. Rejects when none does. */
export async function copyToClipboard(text: string, platform: NodeJS.Platform, env: Environ): Promise<void> {
  for (const [program, ...args] of candidates(platform, env)) {
    if (await takes(program, args, text)) return;
  }
  throw new Error('no clipboard program took the text');
}

function candidates(platform: NodeJS.Platform, env: Environ): (readonly [string, ...string[]])[] {
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip.exe']];
  const x11 = ['xclip', '-selection', 'clipboard'] as const;
  const wsl = ['clip.exe'] as const;
  return env['WAYLAND_DISPLAY'] === undefined ? [x11, wsl] : [['wl-copy'], x11, wsl];
}

/** Output is ignored, not piped: xclip and wl-copy stay in the background, and would keep a pipe of ours open. */
function takes(program: string, args: readonly string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: TIMEOUT_MS });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}
