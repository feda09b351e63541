import { type ChildProcess, spawn } from 'node:child_process';
import { getRandomValues } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { controlApi } from '../../src/client/control-api.ts';
import { httpKeyService } from '../../src/client/http-key-service.ts';
import type { CreatedKey, CreateKey, KeyService, KeySummary } from '../../src/core/key-service.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { OUTKIT, Project, type ProjectOptions, temporaryProject } from './outkit.ts';

/** A running `outkit dev` in a project of its own. */
export class DevServer {
  readonly url: string;
  readonly project: Project;
  readonly profileId: string;
  /** For `OUTKIT_TOKEN`. */
  readonly token: string;
  readonly keys: KeyService;
  readonly #child: ChildProcess;

  constructor(url: string, project: Project, child: ChildProcess) {
    this.url = url;
    this.project = project;
    this.#child = child;
    this.profileId = JSON.parse(project.read('outkit.json')).profile;
    this.token = project.read('.outkit/credential').trim();
    this.keys = httpKeyService(controlApi({ url, token: this.token }));
  }

  /** Another project that uses this server and its profile, found as the commands find it: through the data directory. */
  newProject({ files = {}, env = {}, ...options }: ProjectOptions = {}): Project {
    return temporaryProject({
      ...options,
      files: { 'outkit.json': `{ "profile": "${this.profileId}" }\n`, ...files },
      env: { OUTKIT_DATA_DIR: this.project.path('.outkit'), ...env },
    });
  }

  /** Creates a key without the command line, and resolves to it and its plaintext. */
  async newKey(more: Partial<CreateKey> = {}): Promise<{ key: CreatedKey; plaintext: string }> {
    const environment = more.environment ?? 'development';
    const plaintext = mintSecret(environment, (bytes) => getRandomValues(bytes));
    const secret = { hash: hashSecret(plaintext), start: startOf(plaintext) };
    const { profileId } = this;
    const request = { profileId, name: 'dev key', environment, rateLimitPerMinute: null, expiresAt: null, secret };
    return { key: await this.keys.create({ ...request, ...more }), plaintext };
  }

  /** All keys, ended ones too. */
  async allKeys(): Promise<readonly KeySummary[]> {
    const { data } = await this.keys.list({ profileId: this.profileId, includeEnded: true, cursor: null, limit: 100 });
    return data;
  }

  /** Renders a text with the key and resolves to the status. */
  render(key: string): Promise<number> {
    return render(this.url, key);
  }

  /** Closes our end of its standard output, and resolves to its exit code when it has ended. */
  async closeOutput(): Promise<number | null> {
    const ended = once(this.#child, 'exit');
    this.#child.stdout?.destroy();
    const [exitCode] = await ended;
    return exitCode;
  }

  /** Ends it as a crash would: its record stays. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Ends it and removes its project. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
    this.project.remove();
  }
}

/** Starts `outkit dev` on a free port, in a new project. */
export async function startDev(project: Project = new Project()): Promise<DevServer> {
  const child = spawn(OUTKIT, ['dev', '--port', '0'], {
    cwd: project.directory,
    env: project.environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let problems = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problems += text;
  });
  for await (const line of createInterface(child.stdout)) {
    const url = /Ready on (http:\/\/\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return new DevServer(url, project, child);
  }
  throw new Error(`outkit dev ended: ${problems}`);
}

/** Renders a text at the server with the key and resolves to the status. */
export async function render(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/render/enhance?stream=false`, {
    method: 'POST',
    headers: { 'x-outkit-api-key': key, 'content-type': 'application/json', 'user-agent': 'acceptance/1.0' },
    body: JSON.stringify({ content: 'Hello **there**.' }),
  });
  await response.arrayBuffer();
  return response.status;
}
