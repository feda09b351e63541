import { OutkitError } from '../../core/errors.ts';
import type { ServeConfig } from '../../server/serve-config.ts';
import type { ServingServer, StartServer } from '../../server/serve-options.ts';
import type { ServerLog } from '../../server/server-log.ts';
import type { StartWorkers, WorkerProcess } from '../../server/worker-processes.ts';
import type { Io } from '../io.ts';
import type { Output } from '../output.ts';
import { readSettingsFile } from '../serve-settings-file.ts';
import { VERSION } from '../version.ts';
import type { ServeFlags } from './serve-definition.ts';

/** Requests get 7 s, and what they left to be written the rest. A database that answers nothing would hold the process for longer. */
const STOP_WITHIN_MS = 9_000;

const STOPPING = 'Stopping: finishing what runs, writing what was counted.';

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
  const resetEmail = flags.resetPassword ?? null;
  const { startWorkers, thisWorker, workerConfig } = await import('../../server/worker-processes.ts');
  const worker = thisWorker(io.env);
  if (config.workers > 1 && worker === null) {
    return serveWithWorkers(startWorkers, { config, log, resetEmail }, io, output);
  }
  const { startServer } = await import('../../server/server.ts');
  const own = worker === null ? config : workerConfig(config, worker);
  return serveUntilEnded(startServer, { config: own, log, resetEmail, worker }, io, output);
}

async function readConfig(flags: ServeFlags, configPath: string | undefined, io: Io): Promise<ServeConfig> {
  const { dataDir, host, port, publicUrl, behindProxy, limits, workers, usageSync } = flags;
  const { readServeConfig } = await import('../../server/serve-config.ts');
  return readServeConfig({
    flags: {
      ...(dataDir === undefined ? {} : { dataDirectory: dataDir }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(behindProxy === undefined ? {} : { behindProxy: 'true' }),
      ...(limits === undefined ? {} : { limits }),
      ...(workers === undefined ? {} : { workers }),
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
  /** Of several that share the port: what people have to know of all, they are told once. */
  readonly worker?: WorkerProcess | null;
}

/** The life of the server. The first signal stops it in good order; the signals are given back then, so that a second one ends it at once. */
export async function serveUntilEnded(
  startServer: StartServer,
  { config, log, resetEmail, worker = null }: Serving,
  io: Io,
  output: Output,
): Promise<number> {
  const stopped = untilEnded(io, worker);
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
    onSetupLink: (url) => {
      if (worker === null || worker.number === 1) {
        output.note(`Nobody owns this server yet. To set it up, open once:\n  ${url}`);
      }
    },
  });
  try {
    if (worker === null) output.note(`Ready on ${config.publicUrl}`);
    else worker.tellReady();
    log.notice('ready', { publicUrl: config.publicUrl, listening: server.url, version: VERSION });
    const failure = await Promise.race([stopped, failed.promise]);
    if (failure !== undefined) throw failure;
    if (worker === null) output.note(STOPPING);
    log.notice('stopping');
  } finally {
    const cut = setTimeout(() => {
      log.problem(
        'the stop was cut after 9 s: what is not in the database yet is in the journal, for the next start',
        null,
      );
      io.exitNow(1);
    }, STOP_WITHIN_MS);
    await server.close().finally(() => clearTimeout(cut));
  }
  log.notice('stopped');
  return 0;
}

/** The life of several processes that share the port. */
async function serveWithWorkers(
  startWorkers: StartWorkers,
  { config, log, resetEmail }: Serving,
  io: Io,
  output: Output,
): Promise<number> {
  if (resetEmail !== null) {
    throw new OutkitError(
      'usage',
      '--reset-password is for a server of one process',
      'outkit serve --workers 1 --reset-password you@example.com',
    );
  }
  const stopped = untilEnded(io);
  const workers = startWorkers(config.workers, {
    onReady: () => output.note(`Ready on ${config.publicUrl} (${config.workers} workers)`),
    onProblem: (what, error) => log.problem(what, error),
  });
  void stopped.then(() => {
    output.note(STOPPING);
    workers.stop();
  });
  return workers.ended;
}

function untilEnded(io: Io, worker: WorkerProcess | null = null): Promise<void> {
  return new Promise((resolve) => {
    const giveBack = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) =>
      io.onSignal(signal, () => {
        for (const release of giveBack) release();
        resolve();
      }),
    );
    io.onOutputClosed(resolve);
    worker?.onStop(resolve);
  });
}
