import { mintedKey } from '../test/minted-key.ts';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import type { Dress, Wiring } from './p2-renderer/server.ts';
import { debianProgram } from './peers.ts';
import { type Contender, interleaved, ratios } from './rounds.ts';
import { loadOf, startOnCore } from './server-load.ts';

type Contestant = `${Wiring}, ${Dress}` | 'hand-made';

const NAMES: Readonly<Record<Contestant, string>> = {
  'open, served': 'enforcement off',
  'recorded, served': 'as in the product',
  'judged, served': 'judged, not recorded',
  'open, bare': 'enforcement off, no log, no metrics',
  'recorded, bare': 'as in the product, no log, no metrics',
  'judged, bare': 'judged, not recorded, no log, no metrics',
  'hand-made': 'hand-made hook over SQLite',
};

/** `GET /components` with key check, limit, count and event, against the same server without them. */
export const bench: Bench = {
  title: 'The renderer over HTTP',
  plot: { unit: 'requests/s', scale: 'linear' },
  async run(options): Promise<BenchResult> {
    const figures = await requestsOf(
      ['open, served', 'judged, served', 'recorded, served', 'open, bare', 'recorded, bare', 'hand-made'],
      options,
    );
    const of = (contestant: Contestant) => figures.get(NAMES[contestant]) ?? [];
    return {
      series: [...figures].map(([name, samples]) => ({ name, unit: 'requests/s', samples })),
      goals: [
        {
          what: 'of the requests with enforcement off',
          samples: ratios(of('recorded, served'), of('open, served')),
          better: 'higher',
          reach: 0.9,
          moonshot: 0.95,
        },
        {
          what: 'the same where neither has a log of requests or metrics',
          samples: ratios(of('recorded, bare'), of('open, bare')),
          better: 'higher',
          reach: null,
          moonshot: null,
        },
        {
          what: 'times the requests of the hand-made hook, where neither has',
          samples: ratios(of('recorded, bare'), of('hand-made')),
          better: 'higher',
          reach: 1,
          moonshot: null,
        },
      ],
      quoted: [
        {
          who: 'Kong Gateway',
          figure: 'key authentication and a rate limit cost 24 % of the requests',
          conditions: 'its published performance benchmark, not measured here',
        },
      ],
      facts: {
        load: 'wrk, 32 connections on the other core',
        server:
          'with the log of requests and the metrics that `outkit serve` has, keys or no keys; lines go to /dev/null',
        'hand-made hook':
          'Fastify and node:sqlite: a look-up and an update for each request; no event, nothing durable at a power cut',
      },
    };
  },
};

/** Requests a second of each, by its name, in interleaved rounds. */
export async function requestsOf(
  contestants: readonly Contestant[],
  options: BenchOptions,
  { path, body }: { readonly path: string; readonly body?: string } = { path: '/components' },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { seconds, progress } = options;
  if ((await debianProgram('wrk', progress)) === null) throw new Error('there is no wrk: apt-get install wrk');
  const { plaintext, secret } = mintedKey((bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  const contenders: Contender[] = [];
  for (const contestant of contestants) {
    const server =
      contestant === 'hand-made'
        ? await startOnCore(new URL('p2-renderer/hand-made.ts', import.meta.url), [secret.hash])
        : await startOnCore(new URL('p2-renderer/server.ts', import.meta.url), [
            secret.hash,
            ...contestant.split(', '),
          ]);
    const request = {
      url: `http://127.0.0.1:${server.port}${path}`,
      headers: { 'x-outkit-api-key': plaintext, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    };
    const round = async () => (await loadOf(request, seconds)).requestsPerSecond;
    // Compiled code and warm caches first.
    await round();
    contenders.push({ name: NAMES[contestant], round, close: server.close });
  }
  return interleaved(contenders, options);
}
