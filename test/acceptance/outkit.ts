import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject, onTestFinished } from 'vitest';
import { Terminal, type TerminalOptions } from './terminal.ts';

/** The command line as it is installed: an executable file, with the build behind it. */
export const OUTKIT = inject('outkit');

export const KEY = /ok[dsp]_[0-9A-Za-z]{38}/;

/** A whole output that is one key and a newline. */
export const BARE_KEY = /^ok[dsp]_[0-9A-Za-z]{38}\n$/;

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

export interface RunOptions {
  /** What stands on standard input; `open` is a pipe that never ends. Without it the input is `/dev/null`. */
  readonly stdin?: string | 'open';
  readonly env?: Readonly<Record<string, string>>;
  /** Relative to the project. */
  readonly cwd?: string;
}

export interface ProjectOptions {
  /** Contents by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Makes it a git repository with these lines in `.gitignore`. */
  readonly gitignore?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A project in a home of its own, in a temporary directory that goes away with the test or, made in a hook, with `remove`. */
export class Project {
  /** The home directory, and the parent of the project. */
  readonly home: string;
  readonly directory: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor({ files = {}, gitignore, env = {} }: ProjectOptions = {}) {
    this.home = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-acceptance-')));
    this.directory = join(this.home, 'app');
    mkdirSync(this.directory);
    this.#env = env;
    for (const [name, contents] of Object.entries(files)) this.write(name, contents);
    if (gitignore === undefined) return;
    this.write('.gitignore', gitignore);
    this.git('init', '--quiet');
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, contents: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), contents);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** All names in the project, apart from git's own. */
  names(): string[] {
    return readdirSync(this.directory)
      .filter((name) => name !== '.git')
      .sort();
  }

  git(...command: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...command], {
      cwd: this.directory,
      env: this.environment(),
      encoding: 'utf8',
    });
  }

  /** Nothing of the machine but the path, with this Node first: no CI, no npm, no token, no keychain, a home of its own, UTC. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    const git = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    const own = { HOME: this.home, OUTKIT_NO_KEYCHAIN: '1' };
    return { PATH, ...own, TZ: 'UTC', LANG: 'C.UTF-8', ...git, ...this.#env, ...more };
  }

  /** Runs the built command line on pipes until it ends. */
  async run(args: readonly string[], { stdin, env, cwd = '.' }: RunOptions = {}): Promise<Finished> {
    const child = spawn(OUTKIT, args, {
      cwd: join(this.directory, cwd),
      env: this.environment(env),
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    if (stdin !== undefined && stdin !== 'open') child.stdin?.end(stdin);
    const { stdout: out, stderr: err } = child;
    const [stdout, stderr, exitCode] = await Promise.all([out && text(out), err && text(err), ended]);
    return { stdout: stdout ?? '', stderr: stderr ?? '', exitCode };
  }

  /** Runs a line of the shell, in which `outkit` is the built command line. */
  shell(line: string, env: Readonly<Record<string, string>> = {}): Finished {
    const script = `outkit() { "${OUTKIT}" "$@"; }\n${line}`;
    try {
      const stdio = ['ignore', 'pipe', 'pipe'] as const;
      const options = { cwd: this.directory, env: this.environment(env), encoding: 'utf8', stdio } as const;
      return {
        stdout: execFileSync('bash', ['-c', script], { ...options, stdio: [...stdio] }),
        stderr: '',
        exitCode: 0,
      };
    } catch (error) {
      const { stdout, stderr, status } = error as { stdout: string; stderr: string; status: number };
      return { stdout, stderr, exitCode: status };
    }
  }

  /** Runs the built command line on a terminal. */
  terminal(args: readonly string[], options: TerminalOptions = {}): Terminal {
    const env = this.environment({ TERM: 'xterm-256color', ...options.env });
    const terminal = new Terminal([OUTKIT, ...args], { ...options, cwd: this.directory, env });
    onTestFinished(() => terminal.end());
    return terminal;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** A project that goes away with the test. */
export function temporaryProject(options: ProjectOptions = {}): Project {
  const project = new Project(options);
  onTestFinished(() => project.remove());
  return project;
}
