import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/key-builder.ts';
import { OutkitError } from '../../core/errors.ts';
import type { ServeConfig } from '../../server/serve-config.ts';
import type { ServeOptions } from '../../server/serve-options.ts';
import { openServerLog } from '../../server/server-log.ts';
import type { Io } from '../io.ts';
import { Machine } from '../machine.fixture.ts';
import { openOutput } from '../output.ts';
import { serveUntilEnded } from './serve.ts';

const config: ServeConfig = {
  dataDirectory: '/nowhere',
  host: '127.0.0.1',
  port: 4680,
  publicUrl: 'https://outkit.example.com',
  hosts: ['outkit.example.com'],
  trustedProxies: [],
  secret: 'x',
  owner: null,
  oidc: null,
  smtp: null,
  auditHeadsFile: null,
  usageSync: 'second',
  databaseUrl: null,
  redisUrl: null,
  limits: 'shared',
  gatewayName: 'test',
  workers: 1,
  metricsToken: null,
  eventDays: 7,
  eventLimit: 1_000_000,
  logLevel: 'info',
};

/** A server that is none, and the signals and pipes around it. */
class Life {
  readonly handlers = new Map<string, () => void>();
  closeOutput: () => void = () => {};
  options: ServeOptions | undefined;
  closed = 0;
  io: (Io & { readonly written: { stdout: string; stderr: string } }) | undefined;

  async run(start: (options: ServeOptions) => Promise<void> = async () => {}): Promise<number> {
    const io = Object.assign((await Machine.start()).io(), {
      onSignal: (signal: string, handler: () => void) => {
        this.handlers.set(signal, handler);
        return () => this.handlers.delete(signal);
      },
      onOutputClosed: (handler: () => void) => {
        this.closeOutput = handler;
      },
    });
    this.io = io;
    const log = openServerLog({ level: 'info', clock: { now: () => NOON }, write: (line) => io.stdout.write(line) });
    const startServer = async (options: ServeOptions) => {
      this.options = options;
      await start(options);
      return {
        url: 'http://127.0.0.1:4680',
        close: async () => {
          this.closed++;
        },
      };
    };
    return serveUntilEnded(
      startServer,
      { config, log, resetEmail: null },
      io,
      openOutput(io, { json: false, colour: 'off' }),
    );
  }

  /** Resolves when the server says that it is ready. */
  async ready(): Promise<void> {
    while (!this.io?.written.stderr.includes('Ready on')) await new Promise(setImmediate);
  }
}

describe('outkit serve', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'closes in good order at %s, and gives the signals back meanwhile',
    async (signal) => {
      const life = new Life();
      const ended = life.run();
      await life.ready();
      expect([...life.handlers.keys()]).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP']);
      life.handlers.get(signal)?.();
      expect(life.handlers.size).toBe(0);
      expect(await ended).toBe(0);
      expect(life.closed).toBe(1);
      expect(life.io?.written.stderr).toBe(
        'Ready on https://outkit.example.com\nStopping: finishing what runs, writing what was counted.\n',
      );
      const lines = life.io?.written.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines?.map(({ msg }) => msg)).toEqual(['ready', 'stopping', 'stopped']);
      expect(lines?.[0]).toMatchObject({ publicUrl: 'https://outkit.example.com', listening: 'http://127.0.0.1:4680' });
    },
  );

  it('closes when nobody reads its log any more', async () => {
    const life = new Life();
    const ended = life.run();
    await life.ready();
    life.closeOutput();
    expect([await ended, life.closed]).toEqual([0, 1]);
  });

  it('waits for the start when the signal comes during it', async () => {
    const life = new Life();
    const ended = life.run(async () => life.handlers.get('SIGTERM')?.());
    expect([await ended, life.closed]).toEqual([0, 1]);
  });

  it('closes and fails when the disk has failed', async () => {
    const life = new Life();
    const failure = new OutkitError('unavailable', 'The disk failed');
    const ended = life.run(async ({ onFailed }) => onFailed(failure));
    await expect(ended).rejects.toBe(failure);
    expect(life.closed).toBe(1);
  });

  it('shows the link to set it up to whoever started it, and not in the log', async () => {
    const life = new Life();
    const link = 'https://outkit.example.com/setup?token=canary';
    const ended = life.run(async ({ onSetupLink }) => onSetupLink(link));
    await life.ready();
    life.handlers.get('SIGTERM')?.();
    await ended;
    expect(life.io?.written.stderr).toContain(`${link}\n`);
    expect(life.io?.written.stdout).not.toContain('canary');
  });
});

describe('the process of outkit serve', () => {
  /** A process whose server takes for ever to close, or no time. */
  function start(close: 'never' | 'at once') {
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      const { serveUntilEnded } = await import(${url('./serve.ts')});
      const { processIo } = await import(${url('../io.ts')});
      const { openOutput } = await import(${url('../output.ts')});
      const io = processIo();
      const log = { request() {}, problem() {}, notice() {} };
      const life = setInterval(() => {}, 1000);
      const close = async () => ${close === 'never' ? 'new Promise(() => {})' : 'clearInterval(life)'};
      const config = { publicUrl: 'https://outkit.example.com' };
      const start = async () => ({ url: 'http://127.0.0.1:4680', close });
      io.setExitCode(await serveUntilEnded(start, { config, log, resetEmail: null }, io, openOutput(io, { json: false, colour: 'off' })));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines = createInterface(child.stderr)[Symbol.asyncIterator]();
    const said = async (text: string) => expect((await lines.next()).value).toContain(text);
    return { child, said, ended: once(child, 'exit') };
  }

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends with 0 when it has closed after %s', async (signal) => {
    const { child, said, ended } = start('at once');
    await said('Ready on https://outkit.example.com');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  it('ends at once at the second signal', async () => {
    const { child, said, ended } = start('never');
    await said('Ready on');
    child.kill('SIGTERM');
    await said('Stopping');
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });
});
