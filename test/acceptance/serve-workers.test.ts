import { expect, it } from 'vitest';
import { controlApi } from '../../src/client/control-api.ts';
import { httpKeyService } from '../../src/client/http-key-service.ts';
import { httpProfileService } from '../../src/client/http-profile-service.ts';
import { DAY_MS } from '../../src/core/clock.ts';
import { mintedKey } from '../minted-key.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { seededRandom } from '../seeded-random.ts';
import { setUpOwner } from './serve-owner.ts';
import { ServeProcess } from './serve-process.ts';

const database = new PostgresDatabase();

it('workers share a port, a change is in force at each of them, and one that is killed comes back with what it had answered', async () => {
  const server = await ServeProcess.start({
    DATABASE_URL: database.url,
    OUTKIT_WORKERS: '3',
    OUTKIT_LIMITS: 'per-gateway',
    OUTKIT_GATEWAY_NAME: 'host',
  });
  const call = controlApi({ url: server.url, token: await setUpOwner(server) });
  const [keys, profiles] = [httpKeyService(call), httpProfileService(call)];
  const { id: profileId } = await profiles.create({ name: 'Shop', plan: 'pro', design: {} });
  const { plaintext, secret } = mintedKey(seededRandom(4));
  const key = await keys.create({
    profileId,
    name: 'web',
    environment: 'development',
    rateLimitPerMinute: 1_000_000,
    expiresAt: null,
    secret,
  });
  // A connection of its own each time, so that all workers have some.
  const say = async () => {
    const headers = { 'x-outkit-api-key': plaintext, connection: 'close' };
    const answer = await fetch(`${server.url}/components`, { headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  for (let request = 0; request < 60; request++) expect(await say()).toBe(200);

  const pids = await server.childPids();
  expect(pids).toHaveLength(3);
  process.kill(pids[0] as number, 'SIGKILL');
  await expect.poll(() => server.log, { timeout: 15_000 }).toContain('worker');
  await expect.poll(async () => (await server.childPids()).length, { timeout: 15_000 }).toBe(3);
  const labels = async () =>
    (await database.query<{ label: string }>('select label from gateways where is_settled = 0')).map(
      ({ label }) => label,
    );
  await expect.poll(async () => (await labels()).length, { timeout: 15_000 }).toBe(4);
  await expect.poll(async () => (await keys.stats(key.id, DAY_MS)).served, { timeout: 15_000 }).toBe(60);

  const first = await keys.revoke(key.id, null);
  expect(first.gateways).toMatchObject({ confirmed: 3, waitedOut: 1 });
  for (let request = 0; request < 12; request++) expect(await say()).toBe(401);
  const again = await keys.revoke(key.id, null);
  expect(again.gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
  expect((await labels()).sort()).toEqual(['host/1', 'host/2', 'host/3']);

  expect(await server.stop()).toBe(0);
  expect(await labels()).toEqual([]);
  expect(server.log.match(/"msg":"stopped"/g)).toHaveLength(3);
});

it('workers that cannot start end the server with the reason, once for all', async () => {
  const failing = ServeProcess.start({
    DATABASE_URL: `${database.url}_nowhere`,
    OUTKIT_WORKERS: '2',
    OUTKIT_LIMITS: 'per-gateway',
  });
  await expect(failing).rejects.toThrow('it has no such database');
});
