import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { OUTKIT, type Project } from './outkit.ts';

/** A running `outkit logs tail` on pipes, read as it writes. */
export class LogReader {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  stdout = '';
  stderr = '';

  constructor(project: Project, args: readonly string[], command = [OUTKIT, 'logs', 'tail', ...args]) {
    const [file = '', ...rest] = command;
    this.#child = spawn(file, rest, {
      cwd: project.directory,
      env: project.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.#closed;
    });
  }

  /** What stands on standard output, an object for each whole line. */
  get lines(): readonly Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** Number of each event, and what was missed in between. */
  get seqs(): readonly unknown[] {
    return this.lines.map(({ seq, gap }) => seq ?? { gap });
  }

  signal(signal: 'SIGINT' | 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  /** Closes our end of its standard output. */
  close(): void {
    this.#child.stdout?.destroy();
  }

  async exitCode(): Promise<number | null> {
    const [code] = await this.#closed;
    return code as number | null;
  }
}
