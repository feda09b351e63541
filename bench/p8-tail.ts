import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, BenchOptions, BenchResult, Series } from './bench.ts';
import type { Watch, Watched } from './p8-tail/watch.ts';
import { ratios } from './rounds.ts';
import { Served } from './served.ts';
import { LOAD_CORE, onCore, pinServer } from './server-load.ts';

const RENDERS_PER_SECOND = 2_000;
const TAILS = [0, 1, 100];
/** One person follows at most 20 live logs. */
const PEOPLE = 5;
const WATCH = fileURLToPath(new URL('p8-tail/watch.ts', import.meta.url));
const run = promisify(execFile);

/** From a render to its line in `outkit logs tail`, and what readers of the live log cost those who render. */
export const bench: Bench = {
  title: 'The live log',
  plot: { unit: 'ms', scale: 'log' },
  async run(options): Promise<BenchResult> {
    const rounds = await watched(options);
    const of = (tails: number, what: keyof Watched) => (rounds.get(tails) ?? []).map((round) => round[what]);
    const series = (name: string, unit: string, what: keyof Watched, tails: readonly number[]): Series[] =>
      tails.map((count) => ({ name: `outkit: ${name}, ${count} tails`, unit, samples: of(count, what) }));
    const following = TAILS.filter((tails) => tails > 0);
    return {
      series: [
        ...series('event on standard output, p50', 'ms', 'eventP50Ms', following),
        ...series('event on standard output, p99', 'ms', 'eventP99Ms', following),
        ...series('answer, mean', 'ms', 'answerMeanMs', TAILS),
        ...series('answer, p99', 'ms', 'answerP99Ms', TAILS),
        ...series('answers', '/s', 'answersPerSecond', TAILS),
      ],
      goals: [
        ...following.map((tails) => ({
          what: `ms from a request to its line, p99, ${tails} tails`,
          samples: of(tails, 'eventP99Ms'),
          better: 'lower' as const,
          reach: 200,
          moonshot: 50,
        })),
        ...following.map((tails) => ({
          what: `of the renders without tails, ${tails} tails`,
          samples: ratios(of(tails, 'answersPerSecond'), of(0, 'answersPerSecond')),
          better: 'higher' as const,
          reach: 0.95,
          moonshot: null,
        })),
      ],
      facts: {
        offered: `${RENDERS_PER_SECOND} renders a second`,
        tails: 'one is `outkit logs tail` on a pipe, the others read the same stream',
        cores: 'one for the server, one for everything else',
      },
    };
  },
};

/** Rounds by the number of tails. */
async function watched({ rounds, seconds, progress }: BenchOptions): Promise<ReadonlyMap<number, readonly Watched[]>> {
  const server = await Served.prepare({ people: PEOPLE, keys: 1 });
  const all = new Map<number, Watched[]>(TAILS.map((tails) => [tails, []]));
  try {
    await server.process.start();
    await pinServer(server.process.pid as number);
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (let place = 0; place < TAILS.length; place++) {
        const tails = TAILS[(place + round) % TAILS.length] as number;
        all.get(tails)?.push(await watchedOnce(server, tails, seconds));
      }
    }
    return all;
  } finally {
    await server.close();
  }
}

async function watchedOnce(server: Served, tails: number, seconds: number): Promise<Watched> {
  const { url, profileId, credentials, keys, project: cwd, environment: env } = server;
  const watch: Watch = {
    url,
    profileId,
    key: keys[0] as string,
    credentials,
    tails,
    seconds,
    rendersPerSecond: RENDERS_PER_SECOND,
  };
  const [program = '', ...args] = onCore(LOAD_CORE, [process.execPath, WATCH, JSON.stringify(watch)]);
  const { stdout } = await run(program, args, { cwd, env });
  return JSON.parse(stdout) as Watched;
}
