import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { OUTKIT, type Project, temporaryProject } from './outkit.ts';

/** A running `outkit serve`, in a directory of its own that goes away with the test. */
export class ServeProcess {
  readonly url: string;
  readonly #project: Project;
  readonly #env: Record<string, string>;
  #child: ChildProcess;
  readonly #lines: string[] = [];
  #errors = '';

  private constructor(url: string, project: Project, env: Record<string, string>) {
    this.url = url;
    this.#project = project;
    this.#env = env;
    this.#child = this.#spawned();
  }

  static async start(more: Readonly<Record<string, string>> = {}): Promise<ServeProcess> {
    const port = await freePort();
    const project = temporaryProject({ files: { 'outkit.secret': randomBytes(48).toString('base64') } });
    chmodSync(project.path('outkit.secret'), 0o600);
    const env = project.environment({ OUTKIT_SECRET_FILE: 'outkit.secret', OUTKIT_PORT: String(port), ...more });
    const server = new ServeProcess(`http://127.0.0.1:${port}`, project, env);
    onTestFinished(async () => void (await server.stop()));
    await server.#untilReady();
    return server;
  }

  /** Starts one that cannot serve, and resolves to what it says when it has ended. */
  static async fail(more: Readonly<Record<string, string>>): Promise<string> {
    const started = await ServeProcess.start(more).catch((error: unknown) => String(error));
    if (typeof started === 'string') return started;
    throw new Error('it serves');
  }

  /** The same server anew, on what it left behind. */
  async startAgain(): Promise<void> {
    this.#child = this.#spawned();
    await this.#untilReady();
  }

  #spawned(): ChildProcess {
    const cwd = this.#project.directory;
    return spawn(OUTKIT, ['serve'], { cwd, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async #untilReady(): Promise<void> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('outkit serve has no pipes');
    createInterface(stdout).on('line', (line) => this.#lines.push(line));
    for await (const line of createInterface(stderr)) {
      this.#errors += `${line}\n`;
      if (!line.startsWith('Ready on')) continue;
      stderr.resume();
      return;
    }
    throw new Error(`outkit serve ended: ${this.#errors}`);
  }

  /** The link that it printed for its first owner. */
  get setupLink(): string {
    return /http\S+\/setup\?token=\S+/.exec(this.#errors)?.[0] ?? '';
  }

  /** What it logged. */
  get log(): string {
    return this.#lines.join('\n');
  }

  /** A machine of somebody else: a home and a project of its own, without keychain. */
  newMachine(env: Readonly<Record<string, string>> = {}): Project {
    return temporaryProject({ env: { OUTKIT_API_URL: this.url, OUTKIT_NO_KEYCHAIN: '1', ...env } });
  }

  /** Everything that it wrote into its directory. */
  get directory(): string {
    return this.#project.directory;
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Processes that it has started, where the system tells. */
  async childPids(): Promise<readonly number[]> {
    // The first process may be the one that hands over to another Node.
    const own = await readFile(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'utf8');
    return own.trim().split(/\s+/).filter(Boolean).map(Number);
  }

  /** Resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    return this.#child.exitCode;
  }
}
