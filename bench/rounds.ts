import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BenchOptions } from './bench.ts';

/** Somebody who is measured against others, one round at a time. */
export interface Contender {
  readonly name: string;
  /** Resolves to the figure of one round. */
  round(): Promise<number>;
  close?(): Promise<void>;
}

/** Runs rounds of all contenders, each round in another order, and resolves to their figures. Closes them, also on a failure. */
export async function interleaved(
  contenders: readonly Contender[],
  { rounds, progress }: Pick<BenchOptions, 'rounds' | 'progress'>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (let place = 0; place < contenders.length; place++) {
        const contender = contenders[(place + round) % contenders.length] as Contender;
        figures.get(contender.name)?.push(await contender.round());
      }
    }
  } finally {
    for (const contender of contenders) await contender.close?.();
  }
  return figures;
}

/** The ratios of two series, round by round. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((figure, round) => figure / (below[round] as number));
}

/** The middle of the samples, or the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** By linear interpolation between the two nearest. `part` is from 0 to 1. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((left, right) => left - right);
  const place = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** A contender in a process of its own, whose memory and compiled code the others do not touch. Resolves when it is ready. */
export async function processContender(
  name: string,
  module: URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Contender> {
  const child = fork(module, args, { env: { ...process.env, ...env }, execArgv: ['--expose-gc'] });
  await answerOf(child, name);
  return {
    name,
    round() {
      child.send('round');
      return answerOf(child, name);
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function answerOf(child: ChildProcess, name: string): Promise<number> {
  const over = new AbortController();
  const [answer] = await Promise.race(['message', 'exit'].map((event) => once(child, event, { signal: over.signal })));
  // The one that did not come would be listened for through all rounds.
  over.abort();
  if (typeof answer !== 'number' || !child.connected) throw new Error(`${name} ended before it answered`);
  return answer;
}

/** In the process of a contender: says that it is ready, and measures when it is asked to. */
export function serveRounds(round: () => number | Promise<number>): void {
  process.on('message', async () => {
    globalThis.gc?.();
    process.send?.(await round());
  });
  process.send?.(0);
}
