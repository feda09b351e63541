import { expect, it, onTestFinished } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { AccountsServer, PASSWORD } from '../accounts-server.ts';
import { mintedKey } from '../minted-key.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { RedisServer } from '../redis-server.ts';
import { seededRandom } from '../seeded-random.ts';

const OWNER = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };

const database = new PostgresDatabase();
const fillRandom = seededRandom(31);

it('gateways with one Redis admit no more than the limit together, and go on each for itself when that is gone', async (context) => {
  const redis = await RedisServer.start(context);
  const start = (gatewayName: string) =>
    AccountsServer.start({ databaseUrl: database.url, redisUrl: redis.url, owner: OWNER, gatewayName });
  const servers = [await start('gateway-1'), await start('gateway-2'), await start('gateway-3')];
  onTestFinished(() => Promise.all(servers.map((server) => server.stop())).then(() => undefined));
  const [first] = servers as [AccountsServer];
  const olga = first.as(await first.signIn(OWNER.email));
  const { id: profileId } = await olga.profiles.create({ name: 'Shop', plan: 'pro', design: {} });
  const createKey = async (rateLimitPerMinute: number) => {
    const { plaintext, secret } = mintedKey(fillRandom);
    const wanted = { profileId, name: 'web', environment: 'development', expiresAt: null, rateLimitPerMinute } as const;
    return { ...(await olga.keys.create({ ...wanted, secret })), plaintext };
  };
  const admitted = async (plaintext: string, requests: number) => {
    const answers = await Promise.all(
      Array.from({ length: requests }, async (_, number) => {
        const { url } = servers[number % 3] as AccountsServer;
        const answer = await fetch(`${url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    expect(answers.every((status) => status === 200 || status === 429)).toBe(true);
    return answers.filter((status) => status === 200).length;
  };

  const key = await createKey(20);
  expect(await admitted(key.plaintext, 90)).toBe(20);
  expect((await olga.keys.stats(key.id, DAY_MS)).rateLimit).toMatchObject({ limit: 20, remaining: 0, scope: 'shared' });
  const answer = await fetch(`${first.url}/components`, { headers: { 'x-outkit-api-key': key.plaintext } });
  expect(answer.headers.get('ratelimit-policy')).toBe('"key";q=20;w=60');
  expect(await (await fetch(`${first.url}/metrics`)).text()).toMatch(/^outkit_redis_reachable 1$/m);

  await redis.kill();
  const other = await createKey(5);
  expect(await admitted(other.plaintext, 60)).toBe(15);
  expect(await (await fetch(`${first.url}/metrics`)).text()).toMatch(/^outkit_redis_reachable 0$/m);
  // Revoking needs no Redis.
  expect((await olga.keys.revoke(other.id, null)).gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
}, 60_000);
