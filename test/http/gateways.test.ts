import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { PostgresGatewayStore } from '../../src/storage/postgres/postgres-gateway-store.ts';
import { AccountsServer, PASSWORD, type TestPerson } from '../accounts-server.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { seededRandom } from '../seeded-random.ts';

const OWNER = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };

const database = new PostgresDatabase();
const fillRandom = seededRandom(14);

let servers: AccountsServer[] = [];
let olga: TestPerson;
let profileId: string;

const start = (gatewayName: string) =>
  AccountsServer.start({ databaseUrl: database.url, owner: OWNER, gatewayName, limits: 'per-gateway' });

beforeAll(async () => {
  if (!database.isThere) return;
  servers = [await start('gateway-1'), await start('gateway-2'), await start('gateway-3')];
  olga = await (servers[0] as AccountsServer).signIn(OWNER.email);
  profileId = (await as().profiles.create({ name: 'Shop', plan: 'pro', design: {} })).id;
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** The services of the owner at one of the servers. */
function as(index = 0) {
  return (servers[index] as AccountsServer).as(olga);
}

async function createKey() {
  const plaintext = mintSecret('development', fillRandom);
  const secret = { hash: hashSecret(plaintext), start: startOf(plaintext) };
  const wanted = { profileId, name: 'web', environment: 'development', expiresAt: null } as const;
  return { ...(await as().keys.create({ ...wanted, rateLimitPerMinute: null, secret })), plaintext };
}

/** What every gateway says of a key, each asked now. */
function everywhere(plaintext: string): Promise<string[]> {
  return Promise.all(
    servers.map(async ({ url }) => {
      const answer = await fetch(`${url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
      return ((await answer.json()) as { code?: string }).code ?? String(answer.status);
    }),
  );
}

/** What a process leaves behind that was killed before it could retire. */
async function killed(label: string): Promise<string> {
  const store = new PostgresGatewayStore(database.url);
  const epoch = randomBytes(16).toString('hex');
  await store.register({ epoch, label, version: '1.2.3' });
  await store.close();
  await database.query(`update gateways set seen_at = seen_at - 60000, applied_seq = 0 where epoch = '${epoch}'`);
  return epoch;
}

const named = async (name: string, index = 0) =>
  (await as(index).gateways.list()).filter((gateway) => gateway.name === name);
const running = async (name: string, index = 0) =>
  (await named(name, index)).find(({ state }) => state === 'serving')?.id;

it('every server lists the same three gateways, oldest first', async () => {
  const [one, two] = [await as(0).gateways.list(), await as(1).gateways.list()];
  expect(one).toMatchObject(
    ['gateway-1', 'gateway-2', 'gateway-3'].map((name) => ({ name, version: '1.2.3', state: 'serving' })),
  );
  expect(one.every(({ id, retiredAt }) => /^[0-9a-f]{32}$/.test(id) && retiredAt === null)).toBe(true);
  expect(two.map(({ id }) => id)).toEqual(one.map(({ id }) => id));
  await createKey();
  await expect.poll(async () => (await as(2).gateways.list()).map(({ behind }) => behind)).toEqual([0, 0, 0]);
});

it('a gateway that was stopped is drained, stands behind the others, and is evicted without a wait', async () => {
  const fourth = await start('gateway-4');
  expect(await running('gateway-4')).toBeDefined();
  await fourth.stop();
  const last = (await as().gateways.list()).at(-1);
  expect(last).toMatchObject({ name: 'gateway-4', state: 'drained', behind: null, retiredAt: expect.any(Number) });
  const startedAt = performance.now();
  const evicted = await as().gateways.evict(last?.id ?? '');
  expect(evicted).toEqual({ id: last?.id, state: 'drained' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it.each([
  ['another gateway that runs', 0],
  ['the gateway that is asked', 1],
])(
  '%s, once evicted, comes back under another id, and a key that is revoked meanwhile is refused everywhere',
  async (_, index) => {
    const key = await createKey();
    expect(await everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    const before = (await running('gateway-2')) ?? '';
    const evicting = as(index).gateways.evict(before);
    await expect.poll(async () => (await named('gateway-2')).some(({ state }) => state === 'retired')).toBe(true);
    await as(2).keys.revoke(key.id, null);
    expect(await everywhere(key.plaintext)).toEqual(Array(3).fill('key_revoked'));
    expect(await evicting).toEqual({ id: before, state: 'retired' });
    const after = await running('gateway-2');
    expect(after).toMatch(/^[0-9a-f]{32}$/);
    expect(after).not.toBe(before);
    expect((await named('gateway-2')).find(({ id }) => id === before)).toMatchObject({
      state: 'retired',
      behind: null,
    });
    expect((servers[index] as AccountsServer).log.join('')).toContain(`gateway gateway-2 (${before}) was evicted`);
    expect((await as().keys.revoke((await createKey()).id, null)).gateways).toMatchObject({
      confirmed: 3,
      waitedOut: 0,
    });
  },
);

it('a change waits for a gateway that was killed, and for none that was evicted', async () => {
  const key = await createKey();
  const dead = await killed('gateway-5');
  expect(await named('gateway-5', 1)).toMatchObject([{ id: dead, state: 'silent' }]);
  expect((await as().gateways.evict(dead)).state).toBe('retired');
  const { gateways } = await as(1).keys.revoke(key.id, null);
  expect(gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
  expect(gateways.ms).toBeLessThan(1_000);
  await killed('gateway-6');
  expect((await as().keys.revoke(key.id, null)).gateways).toMatchObject({ confirmed: 3, waitedOut: 1 });
});

it('an id that no gateway has is not_found, and so is what can be none', async () => {
  await expect(as().gateways.evict('f'.repeat(32))).rejects.toMatchObject({ code: 'not_found' });
  await expect(as().gateways.evict('gateway-1')).rejects.toMatchObject({ code: 'not_found' });
});
