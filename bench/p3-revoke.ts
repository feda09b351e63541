import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { controlApi } from '../src/client/control-api.ts';
import { httpKeyService } from '../src/client/http-key-service.ts';
import type { KeyService } from '../src/core/key-service.ts';
import { mintedOf, newPlaintext } from '../test/acceptance/durability-model.ts';
import { Cluster } from '../test/soak/cluster.ts';
import { Dice } from '../test/soak/dice.ts';
import { History } from '../test/soak/history.ts';
import { Load } from '../test/soak/load.ts';
import { RedisProcess } from '../test/soak/redis-process.ts';
import type { Bench, BenchResult } from './bench.ts';
import { HttpConnection } from './http-connection.ts';
import { quantile } from './rounds.ts';

const OUTKIT = fileURLToPath(new URL('../bin/outkit.js', import.meta.url));
const SERVER = process.env['OUTKIT_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const GATEWAYS = 3;
const REVOKES_A_ROUND = 40;
const REQUESTS_PER_SECOND = 600;
/** So long a key is used at all gateways before it is revoked. */
const USED_MS = 30;
/** So long it is asked for afterwards. */
const AFTERWARDS_MS = 30;

/** What one revoke came to, in milliseconds since it was asked for. */
interface Revoke {
  readonly returnedMs: number;
  readonly firstRefusalMs: number;
  readonly acceptedAfterwards: number;
}

/** A revoke with three gateways under load: until the first refusal, until it returns, and with a gateway that is dead. */
export const bench: Bench = {
  title: 'A revoke that is in force everywhere when it returns',
  plot: { unit: 'ms', scale: 'linear' },
  async run({ rounds, progress }): Promise<BenchResult> {
    const withRedis = RedisProcess.isInstalled();
    const program = [process.execPath, OUTKIT, 'serve'] as const;
    const cluster = await Cluster.start({ serverUrl: SERVER, program, gateways: GATEWAYS, withRedis, isDirect: true });
    try {
      const perRound: Revoke[][] = [];
      const history = new History();
      const gateways = cluster.gateways.map(({ process: { name, port } }) => ({ name, port }));
      const load = new Load({ gateways, history, dice: new Dice(1), requestsPerSecond: REQUESTS_PER_SECOND });
      const { credential, profileId } = await cluster.signIn();
      const services = gateways.map(({ port }) =>
        httpKeyService(controlApi({ url: `http://127.0.0.1:${port}`, token: credential })),
      );
      const revokers = gateways.map(({ port }) => revoker(port, credential));
      const revoke = (number: number, before = async () => {}) =>
        oneRevoke({ services, revokers, profileId, history, load }, number, before);
      for (let round = 0; round < rounds; round++) {
        progress(`round ${round + 1} of ${rounds}`);
        perRound.push([]);
        for (let number = 0; number < REVOKES_A_ROUND; number++) {
          perRound[round]?.push(await revoke(round * REVOKES_A_ROUND + number));
        }
      }
      const dead = await revoke(0, async () => {
        await cluster.gateways[2]?.process.end('SIGKILL');
      });
      const after = await revoke(0);
      load.stop();
      return result(perRound, dead, after, withRedis);
    } finally {
      await cluster.close();
    }
  },
};

interface Parts {
  readonly services: readonly KeyService[];
  readonly revokers: readonly ((keyId: string) => Promise<void>)[];
  readonly profileId: string;
  readonly history: History;
  readonly load: Load;
}

/** A key that is in use at all gateways, and is revoked at one of the first two, `before` having happened. */
async function oneRevoke(parts: Parts, number: number, before: () => Promise<void>): Promise<Revoke> {
  const { services, revokers, profileId, history, load } = parts;
  const keys = services[number % 2] as KeyService;
  const revoke = revokers[number % 2] as (typeof revokers)[number];
  const plaintext = newPlaintext();
  const fields = { profileId, name: 'bench', environment: 'development', expiresAt: null } as const;
  const { id } = await keys.create({ ...fields, rateLimitPerMinute: 1_000_000_000, secret: mintedOf(plaintext) });
  const secret = { name: plaintext, plaintext };
  load.use(secret);
  load.sendEverywhere(secret);
  await setTimeout(USED_MS);
  await before();
  const from = history.events.length;
  const askedMs = performance.now();
  await revoke(id);
  const returnedAtMs = performance.now();
  load.sendEverywhere(secret);
  await setTimeout(AFTERWARDS_MS);
  load.leave(secret);
  const answers = history.events
    .slice(from)
    .flatMap((event) => (event.op === 'verify' && event.secret === secret.name ? [event] : []));
  const refusals = answers.filter(({ verdict }) => verdict === 'key_revoked');
  return {
    returnedMs: returnedAtMs - askedMs,
    firstRefusalMs: Math.min(...refusals.map(({ returnedMs }) => returnedMs)) - askedMs,
    acceptedAfterwards: answers.filter(({ verdict, invokedMs }) => verdict === 'accepted' && invokedMs > returnedAtMs)
      .length,
  };
}

/** Revokes on a connection of its own, as the load asks: what is measured ends with the last byte of the answer, without the work of a client behind it. */
function revoker(port: number, credential: string): (keyId: string) => Promise<void> {
  const connection = new HttpConnection(port);
  return async (keyId) => {
    const status = await connection.request(revokeRequest(keyId, credential));
    if (status !== 200) throw new Error(`a revoke was answered with ${status}`);
  };
}

function revokeRequest(keyId: string, credential: string): string {
  const headers = [
    `POST /v1/keys/${keyId}/revoke HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${credential}`,
    'content-type: application/json',
    'content-length: 2',
  ];
  return `${headers.join('\r\n')}\r\n\r\n{}`;
}

function result(
  perRound: readonly (readonly Revoke[])[],
  dead: Revoke,
  after: Revoke,
  withRedis: boolean,
): BenchResult {
  const quantiles = (of: (revoke: Revoke) => number, part: number) =>
    perRound.map((revokes) => quantile(revokes.map(of), part));
  const returned = ({ returnedMs }: Revoke) => returnedMs;
  const refused = ({ firstRefusalMs }: Revoke) => firstRefusalMs;
  const ms = (name: string, samples: readonly number[]) => ({ name, unit: 'ms', samples });
  const all = perRound.flat();
  return {
    series: [
      ms('outkit: first refusal, p50', quantiles(refused, 0.5)),
      ms('outkit: returns, p50', quantiles(returned, 0.5)),
      ms('outkit: returns, p99', quantiles(returned, 0.99)),
      ms('outkit: returns, longest', quantiles(returned, 1)),
    ],
    goals: [
      { what: 'ms until it returns, p50', samples: quantiles(returned, 0.5), better: 'lower', reach: 10, moonshot: 3 },
      {
        what: 'ms until it returns, p99',
        samples: quantiles(returned, 0.99),
        better: 'lower',
        reach: 50,
        moonshot: 15,
      },
      {
        what: 'requests accepted that were sent after it returned',
        samples: [[...all, dead, after].reduce((sum, { acceptedAfterwards }) => sum + acceptedAfterwards, 0)],
        better: 'lower',
        reach: 0,
        moonshot: 0,
      },
      {
        what: 'ms with a gateway that was killed',
        samples: [dead.returnedMs],
        better: 'lower',
        reach: 2_600,
        moonshot: 2_500,
      },
      { what: 'ms of the next one', samples: [after.returnedMs], better: 'lower', reach: 50, moonshot: 15 },
    ],
    quoted: [
      {
        who: 'others',
        figure:
          'Google API keys 8–23 min, Unkey 10 s to 10 min, Zuplo 60 s, Kong 5 s, AWS 3–4 s until a revoked key is refused',
        conditions: 'their documentation, and reports of their users; nobody publishes a test',
      },
    ],
    facts: {
      gateways: GATEWAYS,
      revokes: all.length,
      load: `${REQUESTS_PER_SECOND} requests a second on all gateways, which share two cores with PostgreSQL and the load`,
      limits: withRedis ? 'shared by Redis' : 'of each gateway',
    },
  };
}
