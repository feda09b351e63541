import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endsWithUs } from './ends-with-us.ts';

export interface GatewayProcessOptions {
  readonly name: string;
  readonly port: number;
  /** What to run, and its arguments. */
  readonly program: readonly [string, ...string[]];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** One that does not serve by then is killed; a minute when nothing is said. */
  readonly readyWithinMs?: number;
}

const LAST_LINES = 20;
const READY_WITHIN_MS = 60_000;

/** A server process that is started, stopped and killed many times, always at the same port. */
export class GatewayProcess {
  readonly #options: GatewayProcessOptions;
  #child: ChildProcess | null = null;
  #isToEnd = false;
  #isClosed = false;
  #lines: string[] = [];
  /** How often it ended though nobody ended it. */
  crashes = 0;

  constructor(options: GatewayProcessOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get port(): number {
    return this.#options.port;
  }

  /** Of the process that runs, or ran last. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The end of what it wrote on standard error. */
  get lastWords(): string {
    return this.#lines.join('\n');
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    if (this.#isClosed) throw new Error(`${this.name} is closed`);
    const { program, directory, env, readyWithinMs = READY_WITHIN_MS } = this.#options;
    const [command, ...args] = program;
    const child = spawn(command, args, { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] });
    endsWithUs(child);
    this.#child = child;
    this.#isToEnd = false;
    const { promise: ready, resolve } = Promise.withResolvers<boolean>();
    createInterface(child.stderr).on('line', (line) => {
      this.#lines = [...this.#lines, line].slice(-LAST_LINES);
      if (line.startsWith('Ready on')) resolve(true);
    });
    const deadline = setTimeout(() => child.kill('SIGKILL'), readyWithinMs);
    child.once('exit', () => resolve(false));
    const isReady = await ready;
    clearTimeout(deadline);
    if (!isReady) throw new Error(`${this.name} ended before it served:\n${this.lastWords}`);
    child.once('exit', () => {
      if (!this.#isToEnd) this.crashes += 1;
    });
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Ends it, and resolves to its exit code when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    this.#isToEnd = true;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      // A paused process hears nothing but SIGKILL.
      child.kill('SIGCONT');
      await ended;
    }
    return child.exitCode;
  }

  /** Asks it to stop, for good: a fault that is still under way does not start it again. Resolves to its exit code. */
  close(): Promise<number | null> {
    this.#isClosed = true;
    return this.end('SIGTERM');
  }
}
