import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { OUTKIT, type Project } from './outkit.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What is installed in the checkout, and need not be installed again for each test. */
const INSTALLED = ['express', 'fastify', 'hono', '@hono/node-server', 'vite'];

/** Examples that run on what is installed in the checkout. */
export type LightExample = 'express' | 'fastify' | 'hono' | 'vite';

/** An example in a project of its own: `project.directory` is the folder of the app, with `site` and the packages beside it. */
export class ExampleApp {
  readonly project: Project;
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(project: Project, url: string, child: ChildProcess) {
    this.project = project;
    this.url = url;
    this.#child = child;
  }

  /** Copies the example into the project, runs `prepare` there, and starts the app. The key is that of the project's env file. */
  static async start(
    project: Project,
    name: LightExample,
    prepare: (directory: string) => void = () => {},
  ): Promise<ExampleApp> {
    copyExample(name, project);
    linkPackages(join(project.home, 'node_modules'));
    prepare(project.directory);
    return ExampleApp.run(project, process.execPath, ['server.js']);
  }

  /** Starts an app that says `Ready on http://…`. */
  static async run(project: Project, command: string, args: readonly string[]): Promise<ExampleApp> {
    const child = spawn(command, args, {
      cwd: project.directory,
      env: project.environment({ PORT: '0' }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    for await (const line of createInterface(child.stdout)) {
      const url = /(http:\/\/\S+)/.exec(line)?.[1];
      if (url === undefined) continue;
      child.stdout.resume();
      return new ExampleApp(project, url, child);
    }
    throw new Error(`the example ended: ${log}`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Copies an example without what was installed or built in it. */
export function copyExample(name: string, project: Project): void {
  const left = /\/(?:node_modules|dist|\.next|\.env\.local|\.outkit|outkit\.json)$/;
  const filter = (source: string) => !left.test(source);
  cpSync(join(ROOT, 'examples', name), project.directory, { recursive: true, filter });
  cpSync(join(ROOT, 'examples/site'), join(project.home, 'site'), { recursive: true });
}

/** Runs a program of an installed package in a folder. */
export function runInstalled(name: string, args: readonly string[], directory: string): void {
  execFileSync(process.execPath, [join(ROOT, 'node_modules', name), ...args], { cwd: directory, stdio: 'pipe' });
}

/** As `npm install` would, but of the build under test. */
function linkPackages(directory: string): void {
  for (const name of INSTALLED) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(directory, name));
  }
  symlinkSync(dirname(dirname(OUTKIT)), join(directory, 'outkit'));
}
