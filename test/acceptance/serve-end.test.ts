import { expect, it, onTestFinished } from 'vitest';
import { PostgresDatabase } from '../postgres-database.ts';
import { throughProxy } from '../postgres-url.ts';
import { RedisServer } from '../redis-server.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { ServeProcess } from './serve-process.ts';

const database = new PostgresDatabase();

async function proxyToDatabase(): Promise<TcpProxy> {
  const { hostname: host, port } = new URL(database.url);
  const proxy = await TcpProxy.listen({ host, port: Number(port || 5432) });
  onTestFinished(() => proxy.close());
  return proxy;
}

it('a server whose database and Redis are away ends when it is told to', async (context) => {
  const proxy = await proxyToDatabase();
  const redis = await RedisServer.start(context);
  const server = await ServeProcess.start({ DATABASE_URL: throughProxy(database.url, proxy), REDIS_URL: redis.url });
  proxy.refuse();
  await redis.kill();
  expect(await server.stop()).not.toBeNull();
  expect(server.log).toContain('stopping');
});

it('a server whose database answers nothing any more ends all the same, and what it counted waits for the next start', async (context) => {
  const proxy = await proxyToDatabase();
  const redis = await RedisServer.start(context);
  const env = { DATABASE_URL: throughProxy(database.url, proxy), REDIS_URL: redis.url };
  const server = await ServeProcess.start(env);
  proxy.blackhole();
  expect(await server.stop()).toBe(1);
  expect(server.log).toContain('the stop was cut after 9 s');
});

it('a server that cannot listen ends, and says why', async () => {
  const env = { DATABASE_URL: database.url, OUTKIT_LIMITS: 'per-gateway' };
  const server = await ServeProcess.start(env);
  const said = await ServeProcess.fail({ ...env, OUTKIT_PORT: new URL(server.url).port });
  expect(said).toMatch(/Port \d+ of \S+ is in use/);
});
