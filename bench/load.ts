import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import type { Drive, Driven } from './load/drive.ts';
import { memoryOf } from './process-memory.ts';
import { median } from './rounds.ts';
import { Served } from './served.ts';
import { LOAD_CORE, onCore, pinServer } from './server-load.ts';

const CONNECTIONS = 256;
const SLOW = 13;
const KEYS = 100;
const SAMPLE_MS = 5_000;
const DRIVE = fileURLToPath(new URL('load/drive.ts', import.meta.url));
const run = promisify(execFile);

interface Sample {
  readonly memoryMb: number;
  /** 99 of 100 turns of the event loop since the last sample were no later than this. */
  readonly loopDelayP99Ms: number;
}

/** `outkit serve` on its embedded database under a full load for minutes: it answers all of it, and does not grow. */
export const bench: Bench = {
  title: 'Minutes of load on one server',
  plot: { unit: 'ms', scale: 'log' },
  async run(options): Promise<BenchResult> {
    const { driven, samples } = await loaded(options);
    const wrong = Object.values(driven.wrong).reduce((sum, count) => sum + count, 0);
    const memory = samples.map(({ memoryMb }) => memoryMb);
    const third = Math.floor(memory.length / 3);
    const one = (name: string, unit: string, ...figures: number[]) => ({ name, unit, samples: figures });
    return {
      series: [
        one('outkit: answer, p50', 'ms', driven.p50Ms),
        one('outkit: answer, p99', 'ms', driven.p99Ms),
        one('outkit: answer, p99.9', 'ms', driven.p999Ms),
        one('outkit: answer, longest', 'ms', driven.longestMs),
        one('outkit: delay of the event loop, p99', 'ms', ...samples.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
        one('outkit: requests', '/s', (driven.answered + driven.refused) / (options.minutes * 60)),
        one('outkit: memory', 'MB', ...memory),
      ],
      goals: [
        { what: 'answers that were wrong', samples: [wrong], better: 'lower', reach: 0, moonshot: 0 },
        {
          what: 'memory of the last third, times that of the second',
          samples: [median(memory.slice(-third)) / median(memory.slice(third, 2 * third))],
          better: 'lower',
          reach: 1.1,
          moonshot: 1.02,
        },
      ],
      facts: {
        minutes: options.minutes,
        connections: `${CONNECTIONS}, ${SLOW} of which read long streams at 80 KB a second`,
        'keys that are no good': 'every fifth request, malformed and unknown in turn',
        answered: driven.answered,
        refused: driven.refused,
        'long streams read to their end': driven.slowAnswers,
        ...driven.wrong,
      },
    };
  },
};

async function loaded({ minutes, progress }: BenchOptions): Promise<{ driven: Driven; samples: readonly Sample[] }> {
  const server = await Served.prepare({ people: 1, keys: KEYS });
  const samples: Sample[] = [];
  try {
    await server.process.start();
    await pinServer(server.process.pid as number);
    const startedAt = performance.now();
    const sampling = setInterval(async () => {
      progress(`minute ${((performance.now() - startedAt) / 60_000).toFixed(1)} of ${minutes}`);
      const sample = await sampleOf(server).catch(() => null);
      if (sample !== null) samples.push(sample);
    }, SAMPLE_MS);
    try {
      return { driven: await drivenBy(server, minutes * 60), samples };
    } finally {
      clearInterval(sampling);
    }
  } finally {
    await server.close();
  }
}

async function drivenBy(server: Served, seconds: number): Promise<Driven> {
  const port = Number(new URL(server.url).port);
  const drive: Drive = { port, keys: server.keys, connections: CONNECTIONS, slow: SLOW, seconds };
  const [program = '', ...args] = onCore(LOAD_CORE, [process.execPath, DRIVE, JSON.stringify(drive)]);
  return JSON.parse((await run(program, args)).stdout) as Driven;
}

async function sampleOf({ url, process }: Served): Promise<Sample> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, delay] = /^outkit_nodejs_eventloop_lag_p99_seconds ([\d.e+-]+)$/m.exec(text) ?? [];
  return { memoryMb: memoryOf(process.pid), loopDelayP99Ms: Number(delay) * 1_000 };
}
