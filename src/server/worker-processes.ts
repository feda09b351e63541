import cluster, { type Worker } from 'node:cluster';
import { join } from 'node:path';
import type { ServeConfig } from './serve-config.ts';

const NUMBER_VARIABLE = 'OUTKIT_WORKER_NUMBER';
const READY = 'ready';
/** Not a signal: at a terminal each worker has that already, and a second one would end it at once. */
const STOP = 'stop';

/** A worker that ends at once again and again is not started faster than this. */
const RESTART_AFTER_MS = 1_000;

export interface WorkerEvents {
  /** Called once, when all workers serve. */
  readonly onReady: () => void;
  readonly onProblem: (what: string, error: unknown) => void;
}

export interface WorkerProcesses {
  /** Resolves to the exit code when all workers have ended: 0 when they were told to and wrote everything. */
  readonly ended: Promise<number>;
  /** Lets each finish what runs. */
  stop(): void;
}

export type StartWorkers = (count: number, events: WorkerEvents) => WorkerProcesses;

/** This process, when it is one of several that share a port. */
export interface WorkerProcess {
  readonly number: number;
  /** Tells the process that started it. */
  tellReady(): void;
  /** Calls back when that process lets it end, or is gone itself. */
  onStop(handler: () => void): void;
}

export function thisWorker(env: Readonly<Record<string, string | undefined>>): WorkerProcess | null {
  if (!cluster.isWorker) return null;
  // Else Node ends a worker at once whose parent is gone, and never one that is done.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  process.channel?.unref();
  return {
    number: Number(env[NUMBER_VARIABLE]),
    tellReady: () => process.send?.(READY),
    onStop(handler) {
      process.on('message', (message) => {
        if (message === STOP) handler();
      });
      process.once('disconnect', handler);
      process.channel?.unref();
    },
  };
}

/** What a worker is told: its own directory for what is not in the database yet, and a name of its own. */
export function workerConfig(config: ServeConfig, { number }: Pick<WorkerProcess, 'number'>): ServeConfig {
  return {
    ...config,
    dataDirectory: join(config.dataDirectory, `worker-${number}`),
    gatewayName: `${config.gatewayName}/${number}`,
  };
}

/**
 * Starts this program as so many processes that share a port. One that ends by itself is started again, in its own directory, so that it counts what
 * it had answered; one that never served ends all of them, since what it could not do the next one cannot either.
 */
export const startWorkers: StartWorkers = (count, { onReady, onProblem }) => {
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  const ready = new Set<number>();
  const running = new Map<number, Worker>();
  let exitCode = 0;
  let isStopping = false;
  let wasReady = false;

  const stop = () => {
    isStopping = true;
    for (const worker of running.values()) if (worker.isConnected()) worker.send(STOP);
    if (running.size === 0) resolve(exitCode);
  };
  const start = (number: number) => {
    const worker = cluster.fork({ [NUMBER_VARIABLE]: String(number) });
    running.set(number, worker);
    worker.on('message', (message) => {
      if (message !== READY) return;
      ready.add(number);
      // What the first one cannot do, the others need not try.
      if (running.size === 1 && ready.size === 1) for (let next = 2; next <= count; next++) start(next);
      if (ready.size === count && !wasReady) onReady();
      wasReady ||= ready.size === count;
    });
    worker.on('exit', (code, signal) => {
      running.delete(number);
      if (code !== 0 || !isStopping) onProblem(`worker ${number} ended (${signal ?? `exit code ${code}`})`, null);
      const isHopeless = !ready.has(number);
      if (isStopping || isHopeless) exitCode ||= code ?? 1;
      if (isStopping || isHopeless) stop();
      else setTimeout(() => isStopping || start(number), RESTART_AFTER_MS);
    });
  };
  start(1);
  return { ended, stop };
};
