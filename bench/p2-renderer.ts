import { mintedKey } from '../test/minted-key.ts';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import type { Wiring } from './p2-renderer/server.ts';
import { debianProgram } from './peers.ts';
import { type Contender, interleaved, ratios } from './rounds.ts';
import { loadOf, startOnCore } from './server-load.ts';

const NAMES: Readonly<Record<Wiring | 'hand-made', string>> = {
  open: 'enforcement off',
  judged: 'judged, not recorded',
  recorded: 'as in the product',
  'hand-made': 'hand-made hook over SQLite',
};

/** `GET /components` with key check, limit, count and event, against the same server without them. */
export const bench: Bench = {
  title: 'The renderer over HTTP',
  plot: { unit: 'requests/s', scale: 'linear' },
  async run(options): Promise<BenchResult> {
    const figures = await requestsOf(['open', 'judged', 'recorded', 'hand-made'], options);
    const of = (wiring: keyof typeof NAMES) => figures.get(NAMES[wiring]) ?? [];
    return {
      series: [...figures].map(([name, samples]) => ({ name, unit: 'requests/s', samples })),
      goals: [
        {
          what: 'of the requests with enforcement off',
          samples: ratios(of('recorded'), of('open')),
          better: 'higher',
          reach: 0.9,
          moonshot: 0.95,
        },
        {
          what: 'times the requests of the hand-made hook',
          samples: ratios(of('recorded'), of('hand-made')),
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
        'hand-made hook':
          'Fastify and node:sqlite: a look-up and an update for each request; no event, nothing durable at a power cut',
      },
    };
  },
};

/** Requests a second of each wiring, by its name, in interleaved rounds. */
export async function requestsOf(
  wirings: readonly (keyof typeof NAMES)[],
  options: BenchOptions,
  { path, body }: { readonly path: string; readonly body?: string } = { path: '/components' },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { seconds, progress } = options;
  if ((await debianProgram('wrk', progress)) === null) throw new Error('there is no wrk: apt-get install wrk');
  const { plaintext, secret } = mintedKey((bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  const contenders: Contender[] = [];
  for (const wiring of wirings) {
    const server =
      wiring === 'hand-made'
        ? await startOnCore(new URL('p2-renderer/hand-made.ts', import.meta.url), [secret.hash])
        : await startOnCore(new URL('p2-renderer/server.ts', import.meta.url), [wiring, secret.hash]);
    const request = {
      url: `http://127.0.0.1:${server.port}${path}`,
      headers: { 'x-outkit-api-key': plaintext, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    };
    const round = async () => (await loadOf(request, seconds)).requestsPerSecond;
    // Compiled code and warm caches first.
    await round();
    contenders.push({ name: NAMES[wiring], round, close: server.close });
  }
  return interleaved(contenders, options);
}
