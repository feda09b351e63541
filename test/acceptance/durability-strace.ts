import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What to run a program through, so that a system call of it fails or kills it: `fsync:signal=KILL:when=3`, in each thread by itself. */
export function injecting(fault: string, path?: string): string[] {
  const only = path === undefined ? [] : ['-P', path];
  return ['strace', '-D', '-f', '-o', '/dev/null', ...only, '-e', `inject=${fault}`];
}

/** Makes system calls of a running process on that file fail from now on. Resolves to what ends that. */
export async function injectInto(pid: number, fault: string, path: string): Promise<() => Promise<void>> {
  const strace = spawn('strace', ['-f', '-p', `${pid}`, '-o', '/dev/null', '-P', path, '-e', `inject=${fault}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(strace, 'close');
  for await (const line of createInterface(strace.stderr)) {
    if (!line.includes(`Process ${pid} attached`)) continue;
    strace.stderr.resume();
    return async () => {
      strace.kill('SIGINT');
      await ended;
    };
  }
  throw new Error('strace did not attach');
}

/** What to run a program through, so that {@link tracedCalls} can count its system calls. */
export function tracing(calls: readonly string[], file: string): string[] {
  return ['strace', '-D', '-f', '-o', file, '-e', `trace=${calls.join(',')}`];
}

/** How often the main thread of the process has made each system call until now. */
export function tracedCalls(file: string, pid: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, call = ''] of readFileSync(file, 'latin1').matchAll(new RegExp(`^${pid} +(\\w+)\\(`, 'gm'))) {
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}
