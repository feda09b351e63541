import { execFileSync } from 'node:child_process';
import { getRandomValues } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { mintSecret, type PlaintextSecret } from '../../core/secret.ts';
import { type EnvFileRequest, type PreparedEnvFile, prepareEnvFile } from './env-file.ts';
import type { EnvFileRefusal } from './refusal.ts';

/** A real project in a temporary directory that goes away with the test. */
export class Project {
  readonly directory: string;

  constructor(files: Record<string, string> = {}) {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-env-file-')));
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }));
    for (const [name, contents] of Object.entries(files)) this.write(name, contents);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, contents: string, mode = 0o644): void {
    writeFileSync(this.path(name), contents, { mode });
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** All names in the directory, apart from git's own. */
  names(): string[] {
    return readdirSync(this.directory).filter((name) => name !== '.git');
  }

  /** Runs git here, untouched by the configuration of this machine. */
  git(...command: string[]): string {
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...command], { cwd: this.directory, encoding: 'utf8', stdio: 'pipe' });
  }

  async prepare(request: Partial<EnvFileRequest> = {}): Promise<PreparedEnvFile | EnvFileRefusal> {
    return prepareEnvFile({
      workingDirectory: this.directory,
      variableName: 'OUTKIT_API_KEY',
      onSignal: () => () => {},
      ...request,
    });
  }

  async prepared(request: Partial<EnvFileRequest> = {}): Promise<PreparedEnvFile> {
    const prepared = await this.prepare(request);
    if (prepared.kind === 'refused') throw new Error(`${prepared.reason}: ${prepared.what}`);
    return prepared;
  }
}

/** A project in a git repository of its own, with these lines in its `.gitignore`. */
export function gitProject(ignored: string, files: Record<string, string> = {}): Project {
  const project = new Project({ ...files, '.gitignore': ignored });
  project.git('init', '--quiet');
  return project;
}

export function newSecret(): PlaintextSecret {
  return mintSecret('development', (bytes) => getRandomValues(bytes));
}
