import { setTimeout } from 'node:timers/promises';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { Dice } from './dice.ts';
import { History } from './history.ts';
import type { LifeTally } from './key-life.ts';
import { liveKeys } from './key-lives.ts';
import { Load } from './load.ts';
import { Nemesis } from './nemesis.ts';
import { type Report, reportOf, shortfalls } from './report.ts';

export interface SoakOptions extends ClusterOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly keysAtOnce: number;
  readonly requestsPerSecond: number;
  /** Only these kinds of faults; all of them without. */
  readonly faults?: readonly string[];
  /** Ends the run before its time: then there is no report. */
  readonly signal?: AbortSignal;
  /** Hears of each fault. */
  readonly onStruck: (what: string) => void;
}

export interface SoakReport extends Report {
  readonly seed: number;
  readonly seconds: number;
  readonly gateways: number;
  readonly tally: LifeTally;
  /** How often a gateway ended though nobody ended it. */
  readonly crashes: number;
  /** Why the run failed; empty when it did not. */
  readonly failures: readonly string[];
}

/** Requests that were sent last are answered, or cut, by then. */
const LAST_ANSWERS_MS = 2_000;

/** Runs gateways under load while everything around them breaks, and judges all that they answered. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seed, seconds, keysAtOnce, requestsPerSecond, onStruck } = options;
  const dice = new Dice(seed);
  const history = new History();
  const cluster = await Cluster.start(options);
  try {
    const { credential, profileId } = await cluster.signIn();
    const gateways = cluster.gateways.map(({ process: { name, port } }) => ({ name, port }));
    const load = new Load({ gateways, history, dice: dice.fork(), requestsPerSecond });
    const nemesis = new Nemesis({ cluster, dice: dice.fork(), faults: options.faults ?? null, onStruck });
    const untilMs = performance.now() + seconds * 1_000;
    const lives = { gateways, credential, profileId, history, load, dice: dice.fork(), keysAtOnce };
    const tally = await underLoad(load, async () => {
      const [found] = await unlessAborted(
        Promise.all([liveKeys(lives, untilMs), nemesis.run(untilMs)]),
        options.signal,
      );
      return found;
    });
    const crashes = cluster.gateways.reduce((sum, { process }) => sum + process.crashes, 0);
    const report = reportOf(history, nemesis.struck);
    const failures = [
      ...(report.violations.length === 0 ? [] : [`${report.violations.length} violations`]),
      ...(crashes === 0 ? [] : [`a gateway ended by itself, ${crashes} times`]),
      ...nemesis.unmended,
      ...shortfalls(report, seconds),
    ];
    return { seed, seconds, gateways: gateways.length, ...report, tally, crashes, failures };
  } finally {
    await cluster.close();
  }
}

function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, aborted]);
}

async function underLoad<Result>(load: Load, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    await setTimeout(LAST_ANSWERS_MS);
    return result;
  } finally {
    load.stop();
  }
}
