import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CONNECTIONS = 32;
const run = promisify(execFile);

/** Servers on one core, their load on another: what one does is not taken from the other. */
const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** A server in a process of its own, on a core of its own where there are two. Resolves with its port. */
export async function startOnCore(
  module: URL,
  args: readonly string[],
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const child: ChildProcess = fork(module, args);
  const [port] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (!child.connected) throw new Error('the server ended before it listened');
  await pinServer(child.pid as number);
  return {
    port: port as number,
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 };

export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a POST; without it the requests are GETs. */
  readonly body?: string;
}

/** Requests one after the other on 32 connections, by wrk. Throws when one was not answered with 2xx. */
export async function loadOf({ url, headers, body }: LoadRequest, seconds: number): Promise<LoadResult> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const directory = mkdtempSync(join(tmpdir(), 'outkit-bench-'));
  const posting = body === undefined ? [] : ['-s', postingScript(directory, body)];
  const wrk = ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', ...named, ...posting, url];
  const [program = '', ...args] = onCore(LOAD_CORE, wrk);
  const { stdout } = await run(program, args).finally(() => rmSync(directory, { recursive: true }));
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(stdout) ?? /Socket errors: .*/.exec(stdout);
  if (failed !== null) throw new Error(`not every request was answered: ${failed[0]}`);
  const ms = (part: string) => {
    const [, number, unit = ''] = new RegExp(`^ +${part}% +([\\d.]+)(us|ms|s)$`, 'm').exec(stdout) ?? [];
    return Number(number) * (UNITS[unit] ?? Number.NaN);
  };
  return {
    requestsPerSecond: Number(/^Requests\/sec: +([\d.]+)/m.exec(stdout)?.[1]),
    p50Ms: ms('50'),
    p99Ms: ms('99'),
  };
}

/** Tells wrk what to send. */
function postingScript(directory: string, body: string): string {
  const [script, sent] = [join(directory, 'post.lua'), join(directory, 'body')];
  writeFileSync(sent, body);
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = io.open("${sent}", "rb"):read("*a")\n`);
  return script;
}

/** A command, on a core of its own where there are two. */
export function onCore(core: number, command: readonly string[]): readonly string[] {
  return availableParallelism() > 1 ? ['taskset', '-c', String(core), ...command] : command;
}

/** Keeps a server that runs to its core, where there are two. */
export async function pinServer(pid: number): Promise<void> {
  if (availableParallelism() > 1) await run('taskset', ['-a', '-p', '-c', String(SERVER_CORE), String(pid)]);
}
