import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { controlApi } from '../../src/client/control-api.ts';
import { httpKeyService } from '../../src/client/http-key-service.ts';
import type { KeyService } from '../../src/core/key-service.ts';
import { OUTKIT, type Project } from './outkit.ts';

export interface ServerOptions {
  /** A program and its arguments that run the server, such as strace. It MUST become the server, not its parent. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** How a process ended. */
export interface End {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();

/** Ends those that a test left behind. */
export function endServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** One life of `outkit dev` in a project: started, used, ended or killed. What it wrote on its streams is kept. */
export class ServerProcess {
  /** From the start of the process until it served; `null` when it ended before. */
  readonly readyAfterMs: number | null;
  readonly #project: Project;
  readonly #started: Started;

  private constructor(project: Project, started: Started, readyAfterMs: number | null) {
    this.#project = project;
    this.#started = started;
    this.readyAfterMs = readyAfterMs;
  }

  /** Resolves when it serves, or when it has ended without. */
  static async start(project: Project, options: ServerOptions = {}): Promise<ServerProcess> {
    const startedAt = performance.now();
    const started = run(project, options);
    const isReady = await Promise.race([started.ready.then(() => true), started.end.then(() => false)]);
    return new ServerProcess(project, started, isReady ? performance.now() - startedAt : null);
  }

  get url(): string {
    const url = /Ready on (http:\/\/\S+)/.exec(this.stdout)?.[1];
    if (url === undefined) throw new Error(`outkit dev does not serve:\n${this.stderr}`);
    return url;
  }

  get pid(): number {
    return this.#started.child.pid as number;
  }

  get stdout(): string {
    return this.#started.output.stdout;
  }

  get stderr(): string {
    return this.#started.output.stderr;
  }

  get token(): string {
    return this.#project.read('.outkit/credential').trim();
  }

  get profileId(): string {
    return JSON.parse(this.#project.read('outkit.json')).profile;
  }

  get keys(): KeyService {
    return httpKeyService(controlApi({ url: this.url, token: this.token }));
  }

  /** Resolves when the process has ended and its streams are read to their ends. */
  get end(): Promise<End> {
    return this.#started.end;
  }

  async kill(signal: NodeJS.Signals): Promise<End> {
    this.#started.child.kill(signal);
    return this.end;
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ready: Promise<void>;
  readonly end: Promise<End>;
}

function run(project: Project, { through = [], env = {}, args = [] }: ServerOptions): Started {
  const [program = '', ...rest] = [...through, process.execPath, OUTKIT, 'dev', '--port', '0', ...args];
  const child = spawn(program, rest, {
    cwd: project.directory,
    env: project.environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    output.stdout += data;
  });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  const ready = new Promise<void>((resolve) => {
    // The last line of the greeting: by then all that the start writes is written.
    createInterface(child.stdout).on('line', (line) => line.startsWith('Next, ') && resolve());
  });
  const end = new Promise<End>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      running.delete(child);
      resolve({ exitCode, signal });
    });
  });
  return { child, output, ready, end };
}

/** What the database and its log hold; an empty log is as good as none. */
export function databaseBytes(project: Project): string[] {
  const paths = ['outkit.db', 'outkit.db-wal'].map((name) => project.path(`.outkit/${name}`));
  return paths.map((path) => (existsSync(path) ? readFileSync(path, 'latin1') : ''));
}
