import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { PostgresGatewayStore } from '../../src/storage/postgres/postgres-gateway-store.ts';
import { GatewayServers } from '../gateway-servers.ts';

const servers = new GatewayServers();

/** What a process leaves behind that was killed before it could retire. */
async function killed(label: string): Promise<string> {
  const store = new PostgresGatewayStore(servers.database.url);
  const epoch = randomBytes(16).toString('hex');
  await store.register({ epoch, label, version: '1.2.3' });
  await store.close();
  await servers.database.query(
    `update gateways set seen_at = seen_at - 60000, applied_seq = 0 where epoch = '${epoch}'`,
  );
  return epoch;
}

const named = async (name: string, index = 0) =>
  (await servers.as(index).gateways.list()).filter((gateway) => gateway.name === name);
const running = async (name: string, index = 0) =>
  (await named(name, index)).find(({ state }) => state === 'serving')?.id;

it('every server lists the same three gateways, oldest first', async () => {
  const [one, two] = [await servers.as(0).gateways.list(), await servers.as(1).gateways.list()];
  expect(one).toMatchObject(
    ['gateway-1', 'gateway-2', 'gateway-3'].map((name) => ({ name, version: '1.2.3', state: 'serving' })),
  );
  expect(one.every(({ id, retiredAt }) => /^[0-9a-f]{32}$/.test(id) && retiredAt === null)).toBe(true);
  expect(two.map(({ id }) => id)).toEqual(one.map(({ id }) => id));
  await servers.createKey();
  await expect.poll(async () => (await servers.as(2).gateways.list()).map(({ behind }) => behind)).toEqual([0, 0, 0]);
});

it('a gateway that was stopped is drained, stands behind the others, and is evicted without a wait', async () => {
  const fourth = await servers.start('gateway-4');
  expect(await running('gateway-4')).toBeDefined();
  await fourth.stop();
  const last = (await servers.as().gateways.list()).at(-1);
  expect(last).toMatchObject({ name: 'gateway-4', state: 'drained', behind: null, retiredAt: expect.any(Number) });
  const startedAt = performance.now();
  const evicted = await servers.as().gateways.evict(last?.id ?? '');
  expect(evicted).toEqual({ id: last?.id, state: 'drained' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it.each([
  ['another gateway that runs', 0],
  ['the gateway that is asked', 1],
])(
  '%s, once evicted, comes back under another id, and a key that is revoked meanwhile is refused everywhere',
  async (_, index) => {
    const key = await servers.createKey();
    expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    const before = (await running('gateway-2')) ?? '';
    const evicting = servers.as(index).gateways.evict(before);
    await expect.poll(async () => (await named('gateway-2')).some(({ state }) => state === 'retired')).toBe(true);
    await servers.as(2).keys.revoke(key.id, null);
    expect(await servers.everywhere(key.plaintext)).toEqual(Array(3).fill('key_revoked'));
    expect(await evicting).toEqual({ id: before, state: 'retired' });
    const after = await running('gateway-2');
    expect(after).toMatch(/^[0-9a-f]{32}$/);
    expect(after).not.toBe(before);
    expect((await named('gateway-2')).find(({ id }) => id === before)).toMatchObject({
      state: 'retired',
      behind: null,
    });
    expect(servers.at(index).log.join('')).toContain(`gateway gateway-2 (${before}) was evicted`);
    expect((await servers.as().keys.revoke((await servers.createKey()).id, null)).gateways).toMatchObject({
      confirmed: 3,
      waitedOut: 0,
    });
  },
);

it('a change waits for a gateway that was killed, and for none that was evicted', async () => {
  const key = await servers.createKey();
  const dead = await killed('gateway-5');
  expect(await named('gateway-5', 1)).toMatchObject([{ id: dead, state: 'silent' }]);
  expect((await servers.as().gateways.evict(dead)).state).toBe('retired');
  const { gateways } = await servers.as(1).keys.revoke(key.id, null);
  expect(gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
  expect(gateways.ms).toBeLessThan(1_000);
  await killed('gateway-6');
  expect((await servers.as().keys.revoke(key.id, null)).gateways).toMatchObject({ confirmed: 3, waitedOut: 1 });
});

it('an id that no gateway has is not_found, and so is what can be none', async () => {
  await expect(servers.as().gateways.evict('f'.repeat(32))).rejects.toMatchObject({ code: 'not_found' });
  await expect(servers.as().gateways.evict('gateway-1')).rejects.toMatchObject({ code: 'not_found' });
});

it('how long changes took is told by every server, whichever was told of them', async () => {
  const key = await servers.createKey(0);
  const { gateways } = await servers.as(1).keys.revoke(key.id, null);
  for (const index of [0, 1, 2]) {
    const told = async () =>
      (await servers.as(index).gateways.barriers()).find(
        ({ gateway, ms }) => gateway === 'gateway-2' && ms === gateways.ms,
      );
    await expect.poll(told, { timeout: 10_000 }).toMatchObject({ confirmed: gateways.confirmed, waitedOut: 0 });
  }
});
