import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { AccountsServer, PASSWORD } from '../accounts-server.ts';
import { say } from '../gateway-servers.ts';
import { mintedKey } from '../minted-key.ts';
import { PostgresCluster } from '../postgres-cluster.ts';
import { throughProxy } from '../postgres-url.ts';
import { seededRandom } from '../seeded-random.ts';
import { TcpProxy } from '../tcp-proxy.ts';

const OWNER = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };

/** A server with two keys, on a primary whose standby is asynchronous. `takeOver` ends the primary and lets the standby serve in its place. */
async function serverWithStandby(context: TestContext) {
  const primary = await PostgresCluster.start(context);
  const standby = await primary.standby();
  const proxy = await TcpProxy.listen(addressOf(primary));
  onTestFinished(() => proxy.close());
  const databaseUrl = throughProxy(primary.url, proxy);
  const server = await AccountsServer.start({ databaseUrl, owner: OWNER, limits: 'per-gateway' });
  onTestFinished(() => server.stop());
  const services = server.as(await server.signIn(OWNER.email));
  const profileId = (await services.profiles.create({ name: 'Shop', plan: 'pro', design: {} })).id;
  const fillRandom = seededRandom(14);
  const createKey = async () => {
    const { plaintext, secret } = mintedKey(fillRandom);
    const wanted = { profileId, name: 'web', rateLimitPerMinute: null, expiresAt: null, secret };
    return { ...(await services.keys.create({ ...wanted, environment: 'development' })), plaintext };
  };
  const keys = [await createKey(), await createKey()] as const;
  const takeOver = async () => {
    await standby.promote();
    proxy.redirect(addressOf(standby));
  };
  return { primary, standby, server, services, keys, takeOver };
}

function addressOf({ url }: PostgresCluster) {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

test('a standby that had every commit takes over, and what was revoked stays revoked', async (context) => {
  const { primary, standby, server, services, keys, takeOver } = await serverWithStandby(context);
  await services.keys.revoke(keys[0].id, null);
  await standby.catchUp(primary);
  await takeOver();
  await expect.poll(() => say(server, keys[1].plaintext), { timeout: 10_000 }).toBe('200');
  expect(await say(server, keys[0].plaintext)).toBe('key_revoked');
  await services.keys.revoke(keys[1].id, null);
  expect(await say(server, keys[1].plaintext)).toBe('key_revoked');
});

test('a standby that lagged takes over without the last revoke: the gateway accepts no key, and says which to look after', async (context) => {
  const { primary, standby, server, services, keys, takeOver } = await serverWithStandby(context);
  await standby.catchUp(primary);
  await standby.stopFollowing();
  await services.keys.revoke(keys[0].id, null);
  expect(await say(server, keys[0].plaintext)).toBe('key_revoked');
  await takeOver();
  await expect.poll(() => server.log.join(), { timeout: 10_000 }).toContain('the database has lost changes');
  expect(server.log.join()).toContain(`the last of them ${keys[0].id}`);
  expect(await say(server, keys[0].plaintext)).toBe('unavailable');
  expect(await say(server, keys[1].plaintext)).toBe('unavailable');
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  // The way out that the log names.
  await services.keys.revoke(keys[0].id, null);
  await server.restart();
  expect(await say(server, keys[0].plaintext)).toBe('key_revoked');
  await expect.poll(() => say(server, keys[1].plaintext), { timeout: 10_000 }).toBe('200');
});
