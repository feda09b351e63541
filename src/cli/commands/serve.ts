import { OutkitError } from '../../core/errors.ts';
import type { ServeConfig } from '../../server/serve-config.ts';
import type { ServingServer, StartServer } from '../../server/serve-options.ts';
import type { ServerLog } from '../../server/server-log.ts';
import type { Io } from '../io.ts';
import type { Output } from '../output.ts';
import { readSettingsFile } from '../serve-settings-file.ts';
import { VERSION } from '../version.ts';
import type { ServeFlags } from './serve-definition.ts';

/** Judges the configuration, serves until a signal, a closed pipe or a failure, and resolves to 0 when all is written and closed. */
export async function runServe(
  flags: ServeFlags,
  configPath: string | undefined,
  io: Io,
  output: Output,
): Promise<number> {
  if (output.isJson) {
    throw new OutkitError('usage', 'outkit serve writes its log as JSON lines by itself', 'outkit serve');
  }
  const config = await readConfig(flags, configPath, io);
  const { openServerLog } = await import('../../server/server-log.ts');
  const log = openServerLog({ level: config.logLevel, clock: io, write: (line) => io.stdout.write(line) });
  const { startServer } = await import('../../server/server.ts');
  return serveUntilEnded(startServer, { config, log, resetEmail: flags.resetPassword ?? null }, io, output);
}

async function readConfig(flags: ServeFlags, configPath: string | undefined, io: Io): Promise<ServeConfig> {
  const { dataDir, host, port, publicUrl, behindProxy, limits, usageSync } = flags;
  const { readServeConfig } = await import('../../server/serve-config.ts');
  return readServeConfig({
    flags: {
      ...(dataDir === undefined ? {} : { dataDirectory: dataDir }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(behindProxy === undefined ? {} : { behindProxy: 'true' }),
      ...(limits === undefined ? {} : { limits }),
      ...(usageSync === undefined ? {} : { usageSync }),
    },
    env: io.env,
    file: await readSettingsFile(io, configPath),
    cwd: io.cwd,
    userId: io.userId,
    nodeFlags: io.nodeFlags,
  });
}

interface Serving {
  readonly config: ServeConfig;
  readonly resetEmail: string | null;
  readonly log: ServerLog;
}

/** The life of the server. The first signal stops it in good order; the signals are given back then, so that a second one ends it at once. */
export async function serveUntilEnded(
  startServer: StartServer,
  { config, log, resetEmail }: Serving,
  io: Io,
  output: Output,
): Promise<number> {
  const stopped = untilEnded(io);
  const failed = Promise.withResolvers<OutkitError>();
  const server: ServingServer = await startServer({
    config,
    version: VERSION,
    time: { wallNow: () => io.now(), monotonicNow: () => performance.now() },
    fillRandom: io.fillRandom,
    log,
    onFailed: failed.resolve,
    resetEmail,
    onResetLink: (url) =>
      output.note(`Whoever opens this within an hour sets a new password for ${resetEmail}:\n  ${url}`),
    onSetupLink: (url) => output.note(`Nobody owns this server yet. To set it up, open once:\n  ${url}`),
  });
  try {
    output.note(`Ready on ${config.publicUrl}`);
    log.notice('ready', { publicUrl: config.publicUrl, listening: server.url, version: VERSION });
    const failure = await Promise.race([stopped, failed.promise]);
    if (failure !== undefined) throw failure;
    output.note('Stopping: finishing what runs, writing what was counted.');
    log.notice('stopping');
  } finally {
    await server.close();
  }
  log.notice('stopped');
  return 0;
}

function untilEnded(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const giveBack = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) =>
      io.onSignal(signal, () => {
        for (const release of giveBack) release();
        resolve();
      }),
    );
    io.onOutputClosed(resolve);
  });
}
