import { setTimeout } from 'node:timers/promises';
import type { Bench, BenchOptions, BenchResult, Series } from './bench.ts';
import { fill, type Sizes } from './p4-growth/fill.ts';
import { OwnerRequests } from './p4-growth/owner-requests.ts';
import { memoryOf } from './process-memory.ts';
import { type Contender, interleaved, median, processContender, ratios } from './rounds.ts';
import { Served } from './served.ts';

const KEYS = [1_000, 10_000, 100_000, 1_000_000];
const STARTS = 3;
const REQUESTS_A_ROUND = 20;

const SMALL: Sizes = { keys: 1_000, ownKeys: 1_000, profiles: 1, events: 1_000 };
const LARGE: Sizes = { keys: 1_000_000, ownKeys: 100_000, profiles: 10_000, events: 10_000_000 };

const at = (name: string) => new URL(name, import.meta.url);

/** What more keys, events and profiles cost: a verdict, the memory of a key, and a server on a small and a large database. */
export const bench: Bench = {
  title: 'Growth',
  plot: { unit: 'ms', scale: 'log' },
  async run(options): Promise<BenchResult> {
    const verdicts = await perKey('p1-verdict/outkit.ts', options);
    const memory = await perKey('p4-growth/memory.ts', { ...options, rounds: 1 });
    const requests = await onServers(options);
    const [first = [], last = []] = [verdicts.at(0), verdicts.at(-1)];
    const named = (what: string, unit: string, all: readonly (readonly number[])[]): Series[] =>
      all.map((samples, index) => ({ name: `outkit: ${what}, ${shownKeys(KEYS[index] ?? 0)} keys`, unit, samples }));
    const large = (what: string) => requests.find(({ name }) => name === nameOf(what, LARGE))?.samples ?? [];
    return {
      series: [...named('a verdict', 'ns', verdicts), ...named('memory of a key', 'bytes', memory), ...requests],
      goals: [
        {
          what: 'a verdict among 10^6 keys, times one among 10^3',
          samples: ratios(last, first),
          better: 'lower',
          reach: 1.3,
          moonshot: 1.1,
        },
        {
          what: 'bytes of memory for each of 10^6 keys',
          samples: memory.at(-1) ?? [],
          better: 'lower',
          reach: null,
          moonshot: 250,
        },
        ...['the first page of keys', 'a page 50,000 keys deep', 'statistics of a key'].map((what) => ({
          what: `ms for ${what}, ${shownKeys(LARGE.keys)} keys`,
          samples: large(what),
          better: 'lower' as const,
          reach: 20,
          moonshot: null,
        })),
      ],
      facts: {
        'large database': '10^6 keys, 10^5 of them of one profile, 10^4 profiles, 10^7 events',
        'small database': '10^3 keys of one profile, 10^3 events',
        'a request': `over HTTP, with its session; ${REQUESTS_A_ROUND} one after the other in each round`,
      },
    };
  },
};

/** Of a process for each number of keys. */
async function perKey(module: string, options: BenchOptions): Promise<readonly (readonly number[])[]> {
  const contenders: Contender[] = [];
  for (const keys of KEYS) contenders.push(await processContender(String(keys), at(module), [String(keys)]));
  return [...(await interleaved(contenders, options)).values()];
}

/** Starts, memory and requests of a server on the small and on the large database. */
async function onServers(options: BenchOptions): Promise<readonly Series[]> {
  const servers: Served[] = [];
  try {
    const starts: Contender[] = [];
    const contenders: Contender[] = [];
    for (const sizes of [SMALL, LARGE]) {
      options.progress(`filling a database with ${shownKeys(sizes.keys)} keys`);
      const env = { OUTKIT_EVENT_LIMIT: String(LARGE.events) };
      const server = await Served.prepare({ people: 1, keys: 1, env, fill: (file) => fill(file, sizes) });
      servers.push(server);
      starts.push({ name: nameOf('start of the server', sizes), round: () => startOf(server) });
    }
    const started = await interleaved(starts, { ...options, rounds: STARTS });
    for (const [index, sizes] of [SMALL, LARGE].entries())
      contenders.push(...(await requestsOf(servers[index] as Served, sizes)));
    const answered = await interleaved(contenders, options);
    const memory = servers.map(({ process }, index) => ({
      name: nameOf('memory of the server', index === 0 ? SMALL : LARGE),
      unit: 'MB',
      samples: [memoryOf(process.pid)],
    }));
    return [...[...started, ...answered].map(([name, samples]) => ({ name, unit: 'ms', samples })), ...memory];
  } finally {
    for (const server of servers) await server.close();
  }
}

async function startOf({ process }: Served): Promise<number> {
  await process.end('SIGTERM');
  const startedAt = performance.now();
  await process.start();
  return performance.now() - startedAt;
}

async function requestsOf(server: Served, sizes: Sizes): Promise<Contender[]> {
  const owner = new OwnerRequests(server);
  const deep = await owner.cursorAt(Math.min(50_000, sizes.ownKeys / 2));
  const paths: [what: string, path: string][] = [
    ['the first page of keys', owner.keys(null)],
    [sizes === LARGE ? 'a page 50,000 keys deep' : 'a page in the middle', owner.keys(deep)],
    ['statistics of a key', owner.statistics()],
    ['the newest events', owner.events()],
    ['the profiles of the team', '/v1/profiles'],
  ];
  return paths.map(([what, path]) => ({
    name: nameOf(what, sizes),
    async round() {
      const times: number[] = [];
      for (let request = 0; request < REQUESTS_A_ROUND; request++) {
        const startedAt = performance.now();
        await owner.get(path);
        times.push(performance.now() - startedAt);
        // The server does other things between requests, as it would.
        await setTimeout(1);
      }
      return median(times);
    },
  }));
}

function nameOf(what: string, { keys }: Sizes): string {
  return `outkit: ${what}, ${shownKeys(keys)} keys`;
}

function shownKeys(keys: number): string {
  return `10^${Math.log10(keys)}`;
}
