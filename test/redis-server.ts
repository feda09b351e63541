import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { onTestFinished, type TestContext } from 'vitest';
import { freePort } from './free-port.ts';

/** A Redis server of the test's own on a port of loopback. It keeps nothing, and is gone when the test ends. */
export class RedisServer {
  readonly port: number;
  readonly #args: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  /** Skips the test where there is no Redis; where it has to be there, the test fails. */
  static async start({ skip }: TestContext, args: readonly string[] = []): Promise<RedisServer> {
    const directory = mkdtempSync(join(tmpdir(), 'outkit-redis-'));
    const server = new RedisServer(await freePort(), ['--dir', directory, ...args]);
    onTestFinished(async () => {
      await server.kill();
      rmSync(directory, { recursive: true });
    });
    try {
      await server.start();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const reason = 'there is no redis-server: apt-get install redis-server';
      if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(reason);
      return skip(reason);
    }
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again: empty. */
  async start(): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn('redis-server', [...own, ...this.#args], { stdio: 'ignore' });
    await once(this.#process, 'spawn');
    for (let tries = 0; tries < 200; tries++) {
      if (await this.send('PING').then(Boolean, (error: Error) => /^(NOAUTH|WRONGPASS)/.test(error.message))) return;
      await setTimeout(25);
    }
    throw new Error('the Redis server of the test did not start');
  }

  /** `SIGKILL`, and waits until it is gone. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    if (process === null || process.pid === undefined || process.exitCode !== null) return;
    process.kill('SIGKILL');
    if (process.signalCode === null) await once(process, 'exit');
  }

  /** Stops it from answering, with all connections open. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process?.kill('SIGCONT');
  }

  /** One command, past the limits. */
  send(...command: string[]): Promise<unknown> {
    return sendCommand(this.url, command);
  }
}

/** One command on a connection of its own. */
export async function sendCommand(url: string, command: readonly string[]): Promise<unknown> {
  const client = createClient({ url, socket: { connectTimeout: 3_000, reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}
