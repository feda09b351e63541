import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const STORE = fileURLToPath(new URL('../../../src/storage/sqlite/open-sqlite-store.ts', import.meta.url));

/** A process of its own that runs a script with `openSqliteStore` and `directory` at hand; for tests. */
export function startStoreProcess(directory: string, script: string): StoreProcess {
  const source = `
    const { openSqliteStore } = await import(${JSON.stringify(STORE)});
    const directory = ${JSON.stringify(directory)};
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new StoreProcess(child);
}

export class StoreProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close');
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when it has printed that many lines; throws when it ends before. */
  async printed(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.#child.exitCode !== null) throw new Error(`ended after ${this.lines.length} of ${count} lines`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Resolves when it has ended and everything that it printed was read. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
