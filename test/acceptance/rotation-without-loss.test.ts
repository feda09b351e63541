import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { HOUR_MS } from '../../src/core/clock.ts';
import { readStream } from '../../src/stream/stream.ts';
import { LOCAL_TOKEN, TestServer } from '../local-server.ts';
import { ExampleApp } from './example-app.ts';
import { KEY, OUTKIT, Project } from './outkit.ts';

const ROTATE = fileURLToPath(new URL('../../examples/rotation/rotate.sh', import.meta.url));
const CLIENTS = 6;

interface AppUnderTest {
  readonly server: TestServer;
  readonly project: Project;
  readonly app: ExampleApp;
  readonly keyId: string;
}

/** The Express example with a key of its own, on a server whose time the test moves. */
async function startApp(): Promise<AppUnderTest> {
  const server = await TestServer.start();
  onTestFinished(() => server.stop());
  const env = { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: LOCAL_TOKEN };
  const project = new Project({ env });
  onTestFinished(() => project.remove());
  project.write('outkit.json', JSON.stringify({ profile: server.profileId }));
  // No minute passes while time stands still.
  const create = ['keys', 'create', '-n', 'app', '--rate-limit', '100000', '--env-file', '--no-show', '--json'];
  const { id } = JSON.parse((await project.run(create)).stdout) as { id: string };
  const app = await ExampleApp.start(project, 'express');
  onTestFinished(() => app.stop());
  return { server, project, app, keyId: id };
}

/** Browsers that render through the app without a pause until `stop`, by turns as a stream and as JSON. */
class Load {
  readonly failures: string[] = [];
  answered = 0;
  readonly #url: string;
  readonly #clients: Promise<void>[];
  #isOver = false;

  constructor(url: string, cookie: string) {
    this.#url = url;
    this.#clients = Array.from({ length: CLIENTS }, () => this.#runClient(cookie));
  }

  /** Resolves when so many more were answered. */
  async more(count: number): Promise<void> {
    const target = this.answered + count;
    await vi.waitUntil(() => this.answered >= target || this.failures.length > 0, { timeout: 20_000 });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  async #runClient(cookie: string): Promise<void> {
    for (let number = 0; !this.#isOver; number++) {
      await this.#renderOnce(cookie, number % 2 === 0).catch((error: unknown) => this.failures.push(String(error)));
      this.answered += 1;
    }
  }

  async #renderOnce(cookie: string, stream: boolean): Promise<void> {
    const answer = await fetch(`${this.#url}/api/outkit?stream=${stream}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ content: '- [x] done\n- [ ] to do\n' }),
    });
    const items = await Array.fromAsync(readStream(answer));
    if (items.length !== 2) this.failures.push(`${items.length} items`);
  }
}

async function startLoad({ url }: ExampleApp): Promise<Load> {
  const signedIn = await fetch(`${url}/sign-in`, { method: 'POST' });
  const load = new Load(url, signedIn.headers.get('set-cookie')?.split(';')[0] ?? '');
  await load.more(30);
  return load;
}

/** Runs the script of the examples, with `outkit` on its path. */
async function runRotation({ project, keyId }: AppUnderTest): Promise<{ exitCode: number; stderr: string }> {
  const bin = join(project.home, 'bin');
  mkdirSync(bin);
  symlinkSync(OUTKIT, join(bin, 'outkit'));
  const PATH = `${bin}:${project.environment()['PATH']}`;
  const child = spawn(ROTATE, [keyId, '0.1'], { cwd: project.directory, env: project.environment({ PATH }) });
  const [[exitCode], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { exitCode, stderr };
}

async function componentsStatus(server: TestServer, key: string): Promise<number> {
  const answer = await fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': key } });
  await answer.arrayBuffer();
  return answer.status;
}

it('a key is rotated under a busy app, and its old secret ended when stats say that it is safe, without one failed request', async () => {
  const subject = await startApp();
  const { server, project, app, keyId } = subject;
  const [oldSecret = ''] = KEY.exec(project.read('.env.local')) ?? [];
  const load = await startLoad(app);

  const rotation = runRotation(subject);
  await vi.waitUntil(() => !project.read('.env.local').includes(oldSecret), { timeout: 20_000 });
  await load.more(60);
  // Somebody else has the old secret still.
  expect(await componentsStatus(server, oldSecret)).toBe(200);
  const { previousSecret } = await server.keys.stats(keyId, HOUR_MS);
  expect(previousSecret).toMatchObject({ safeToEnd: false });
  server.advance(4 * HOUR_MS);
  await load.more(30);
  expect(await rotation).toMatchObject({ exitCode: 0 });
  await load.more(60);
  await load.stop();

  expect(load.failures).toEqual([]);
  expect(await componentsStatus(server, oldSecret)).toBe(401);
});

it('the load of these tests notices a secret that ends while the app has it', async () => {
  const { project, app, keyId } = await startApp();
  const load = await startLoad(app);
  expect(load.failures).toEqual([]);
  const rotated = await project.run(['keys', 'rotate', keyId, '--grace', '0', '-y']);
  expect(rotated.exitCode, rotated.stderr).toBe(0);
  await load.more(30);
  await load.stop();
  expect(load.failures).toContain(
    'OutkitStreamError: The renderer does not serve this app: the log of the app says why',
  );
});
