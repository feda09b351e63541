import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Admission, createAuthenticate } from '../../src/gateway/authenticate.ts';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import type { KnownKey } from '../../src/gateway/known-key.ts';
import type { Spent } from '../../src/gateway/rate-limit.ts';
import type { SharedLimits } from '../../src/limits/shared-limits.ts';
import { aKey, aProfile, aSecret, NOON } from '../key-builder.ts';
import { mintedKey } from '../minted-key.ts';
import { RedisServer } from '../redis-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { aKeyId, limitedKey, openLimits } from './limited-key.ts';

/** As in earnest. */
const ANSWER_MS = 50;
const PATIENT = { timeout: 20_000, interval: 20 };

async function untilReachable(limits: SharedLimits, isReachable: boolean): Promise<void> {
  await vi.waitFor(() => expect(limits.facts().isReachable).toBe(isReachable), PATIENT);
}

/** Many requests at once, and how many of them were admitted. */
async function admitted(limits: SharedLimits, key: KnownKey, requests: number): Promise<number> {
  const spent = await Promise.all(Array.from({ length: requests }, () => limits.spend(key, NOON)));
  return spent.filter(({ isWithin }) => isWithin).length;
}

/** Requests one after the other until told to stop; what they came to, and how many had to wait for an answer. */
function underLoad(limits: SharedLimits, key: KnownKey) {
  let isOver = false;
  const result = { requests: 0, admitted: 0, waited: 0, longestMs: 0 };
  const run = async () => {
    while (!isOver) {
      const startedAt = performance.now();
      const spending: Spent | Promise<Spent> = limits.spend(key, NOON);
      if (spending instanceof Promise) result.waited += 1;
      const { isWithin, remaining } = await spending;
      result.longestMs = Math.max(result.longestMs, performance.now() - startedAt);
      result.requests += 1;
      if (isWithin) result.admitted += 1;
      expect(remaining).toBeGreaterThanOrEqual(0);
      await setImmediate();
    }
  };
  const running = run();
  return {
    result,
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}

test('Redis is killed under load and comes back: nobody is sent to it meanwhile, and it counts again by itself', async (context) => {
  const redis = await RedisServer.start(context);
  const id = aKeyId();
  const limit = 1_000_000;
  const gateways = await Promise.all(
    [1, 2, 3].map(async () => ({ ...(await openLimits(redis.url, ANSWER_MS)), key: limitedKey(id, limit) })),
  );
  const loads = gateways.map(({ limits, key }) => underLoad(limits, key));
  await vi.waitFor(() => expect(loads.every(({ result }) => result.waited > 50)).toBe(true), PATIENT);
  await redis.kill();
  for (const { limits } of gateways) await untilReachable(limits, false);
  const waited = loads.map(({ result }) => result.waited);
  const requests = loads.map(({ result }) => result.requests);
  await vi.waitFor(
    () => expect(loads.every(({ result }, index) => result.requests > (requests[index] ?? 0) + 100)).toBe(true),
    PATIENT,
  );
  expect(loads.map(({ result }) => result.waited)).toEqual(waited);
  await redis.start();
  for (const { limits } of gateways) await untilReachable(limits, true);
  await vi.waitFor(
    () => expect(loads.every(({ result }, at) => result.waited > (waited[at] ?? 0) + 50)).toBe(true),
    PATIENT,
  );
  for (const load of loads) await load.stop();
  expect(Math.max(...loads.map(({ result }) => result.longestMs))).toBeLessThan(1_000);
  expect(Number(await redis.send('GET', `outkit:limit:${id}`))).toBeGreaterThan(100);
  for (const { limits, problems, notices } of gateways) {
    await untilReachable(limits, true);
    expect(problems[0]).toMatch(/^Redis is away \(/);
    expect(notices).toHaveLength(problems.length);
  }
});

test('Over one window in which Redis goes and comes back empty, three gateways admit four limits at most', async (context) => {
  const redis = await RedisServer.start(context);
  const id = aKeyId();
  const limit = 20;
  const gateways = await Promise.all(
    [1, 2, 3].map(async () => ({ ...(await openLimits(redis.url)), key: limitedKey(id, limit) })),
  );
  const all = async (requests: number) => {
    const counts = await Promise.all(gateways.map(({ limits, key }) => admitted(limits, key, requests)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const before = await all(4);
  expect(before).toBe(12);
  await redis.kill();
  for (const { limits } of gateways) await untilReachable(limits, false);
  const away = await all(50);
  expect(before + away).toBeLessThanOrEqual(3 * limit);
  await redis.start();
  for (const { limits } of gateways) await untilReachable(limits, true);
  const after = await all(50);
  expect(after).toBe(limit);
  expect(before + away + after).toBeLessThanOrEqual(4 * limit);
});

test('Outages that follow each other within a window do not admit the limit anew each time', async (context) => {
  const redis = await RedisServer.start(context);
  const { limits } = await openLimits(redis.url);
  const limit = 50;
  const key = limitedKey(aKeyId(), limit);
  let total = await admitted(limits, key, 10);
  for (let outage = 0; outage < 4; outage++) {
    await redis.send('REPLICAOF', '127.0.0.1', '1');
    total += await admitted(limits, key, 15);
    await untilReachable(limits, false);
    total += await admitted(limits, key, 15);
    await redis.send('REPLICAOF', 'NO', 'ONE');
    await untilReachable(limits, true);
    total += await admitted(limits, key, 2);
  }
  expect(limits.facts()).toMatchObject({ vanishedWindows: 0 });
  expect(total).toBeLessThanOrEqual(2 * limit);
});

test('A Redis that hangs makes only those wait who asked before it was known', async (context) => {
  const redis = await RedisServer.start(context);
  const { limits, problems } = await openLimits(redis.url, ANSWER_MS);
  await untilReachable(limits, true);
  const key = limitedKey(aKeyId(), 100_000);
  const before = limits.facts().judgedLocally;
  redis.hang();
  const waiting = Array.from({ length: 20 }, () => limits.spend(key, NOON));
  expect(await Promise.all(waiting)).toHaveLength(20);
  expect(problems).toEqual(['Redis is away (no answer in time): each gateway counts rate limits for itself']);
  for (let request = 0; request < 1_000; request++) expect(limits.spend(key, NOON)).not.toBeInstanceOf(Promise);
  expect(limits.facts()).toEqual({ isReachable: false, judgedLocally: before + 1_020, vanishedWindows: 0 });
  redis.goOn();
  await untilReachable(limits, true);
});

test('An empty Redis begins each window anew, which is counted', async (context) => {
  const redis = await RedisServer.start(context);
  const { limits } = await openLimits(redis.url);
  const key = limitedKey(aKeyId(), 10);
  const before = await admitted(limits, key, 9);
  await redis.send('FLUSHALL');
  expect(await limits.spend(key, NOON)).toMatchObject({ isWithin: true, remaining: 9 });
  expect(limits.facts()).toEqual({ isReachable: true, judgedLocally: 0, vanishedWindows: 1 });
  const after = 1 + (await admitted(limits, key, 50));
  expect(before + after).toBe(19);
  expect(limits.facts().vanishedWindows).toBe(1);
});

test('A window that began anew is counted by a gateway that finds more spent of it than of the one before', async (context) => {
  const redis = await RedisServer.start(context);
  const [{ limits: here }, { limits: there }] = [await openLimits(redis.url), await openLimits(redis.url)];
  const id = aKeyId();
  const key = limitedKey(id, 10);
  await here.spend(key, NOON);
  await redis.send('FLUSHALL');
  expect(await admitted(there, limitedKey(id, 10), 5)).toBe(5);
  expect(await here.spend(key, NOON + 10_000)).toMatchObject({ isWithin: true, remaining: 4 });
  expect(here.facts().vanishedWindows).toBe(1);
  expect(there.facts().vanishedWindows).toBe(0);
});

test('A Redis that forgot the script learns it again, without a request that is judged without it', async (context) => {
  const redis = await RedisServer.start(context);
  const { limits } = await openLimits(redis.url);
  const key = limitedKey(aKeyId(), 10);
  await limits.spend(key, NOON);
  await redis.send('SCRIPT', 'FLUSH');
  expect(await limits.spend(key, NOON)).toMatchObject({ isWithin: true, remaining: 8 });
  expect(limits.facts()).toEqual({ isReachable: true, judgedLocally: 0, vanishedWindows: 0 });
});

test.for([
  { what: 'a replica', cause: 'READONLY', fault: 'REPLICAOF 127.0.0.1 1', repair: 'REPLICAOF NO ONE' },
  { what: 'out of memory', cause: 'OOM', fault: 'CONFIG SET maxmemory 1', repair: 'CONFIG SET maxmemory 0' },
])('A Redis that is $what is away for as long', async ({ cause, fault, repair }, context) => {
  const redis = await RedisServer.start(context);
  const { limits, problems } = await openLimits(redis.url);
  const key = limitedKey(aKeyId(), 10);
  expect(await admitted(limits, key, 4)).toBe(4);
  await redis.send(...fault.split(' '));
  expect(await limits.spend(key, NOON)).toMatchObject({ isWithin: true, remaining: 5 });
  expect(problems).toEqual([`Redis is away (${cause}): each gateway counts rate limits for itself`]);
  expect(limits.spend(key, NOON)).toMatchObject({ isWithin: true, remaining: 4 });
  const refused = new RegExp(`errorstat_${cause}:count=(\\d+)`);
  const probes = async () => Number(refused.exec(String(await redis.send('INFO', 'errorstats')))?.[1]);
  await vi.waitFor(async () => expect(await probes()).toBeGreaterThan(2), PATIENT);
  expect(limits.facts().isReachable).toBe(false);
  expect(problems).toHaveLength(1);
  await redis.send(...repair.split(' '));
  await untilReachable(limits, true);
  // Redis never heard of the two.
  expect(await limits.spend(key, NOON)).toMatchObject({ isWithin: true, remaining: 5 });
  expect(limits.facts()).toEqual({ isReachable: true, judgedLocally: 2, vanishedWindows: 0 });
});

test('With no Redis at the start, gateways count for themselves until there is one', async (context) => {
  const redis = await RedisServer.start(context);
  await redis.kill();
  const { limits, problems } = await openLimits(redis.url);
  expect(problems).toEqual(['Redis is away (ECONNREFUSED): each gateway counts rate limits for itself']);
  const id = aKeyId();
  expect(limits.spend(limitedKey(id, 3), NOON)).toMatchObject({ isWithin: true, remaining: 2 });
  expect(await limits.headroom(id, 3, NOON)).toBeNull();
  await redis.start();
  await untilReachable(limits, true);
  expect(await limits.spend(limitedKey(id, 3), NOON)).toMatchObject({ isWithin: true, remaining: 2 });
});

test('A verdict on a key is the same with and without Redis, and needs no wait where there is none', async (context) => {
  const redis = await RedisServer.start(context);
  const { limits } = await openLimits(redis.url);
  const [plaintext, revoked, unknown] = [1, 2, 3].map((seed) => mintedKey(seededRandom(seed)));
  const view = new EmbeddedKeyView();
  view.applyProfile(aProfile());
  view.apply(aKey({ id: aKeyId(), secrets: [aSecret(plaintext?.secret)] }));
  view.apply(aKey({ id: aKeyId(), secrets: [aSecret(revoked?.secret)], revokedAt: NOON }));
  const read = () => Promise.reject(new Error('asked for what memory has'));
  const find = view.find.bind(view);
  const clock = { now: () => NOON };
  const authenticate = createAuthenticate({ view: { find, read }, limits, clock, monotonicNow: () => 0 });
  const judged = () =>
    [plaintext, revoked, unknown].map((key) =>
      authenticate({ kind: 'presented', text: key?.plaintext ?? '' }, '127.0.0.1'),
    );
  const kinds = ['accepted', 'revoked', 'unknown'];
  expect((await Promise.all(judged())).map(({ verdict }) => verdict.kind)).toEqual(kinds);
  await redis.kill();
  await untilReachable(limits, false);
  expect(judged().map((admission) => (admission as Admission).verdict?.kind)).toEqual(kinds);
});

test('A server that accepts and never answers is tried on one connection at a time, and none is left behind', async () => {
  const open = new Set<Socket>();
  let most = 0;
  let tried = 0;
  const silent = createServer((socket) => {
    open.add(socket);
    tried += 1;
    most = Math.max(most, open.size);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    socket.resume();
  });
  onTestFinished(() => void silent.close());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { limits } = await openLimits(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`, ANSWER_MS);
  for (let request = 0; request < 100; request++) {
    expect(limits.spend(limitedKey(aKeyId(), 5), NOON)).not.toBeInstanceOf(Promise);
  }
  await vi.waitFor(() => expect(tried).toBeGreaterThan(1), PATIENT);
  expect(most).toBe(1);
  await limits.close();
  await vi.waitFor(() => expect(open.size).toBe(0), PATIENT);
  const after = tried;
  await setTimeout(300);
  expect(tried).toBe(after);
});

test('A Redis that still loads what it kept is away until it has', async () => {
  const loading = createServer((socket) => {
    socket.on('data', () => socket.write('-LOADING Redis is loading the dataset in memory\r\n'));
    socket.on('error', () => {});
  });
  onTestFinished(() => void loading.close());
  await new Promise<void>((resolve) => loading.listen(0, '127.0.0.1', resolve));
  const { limits, problems } = await openLimits(`redis://127.0.0.1:${(loading.address() as AddressInfo).port}`);
  expect(problems).toEqual(['Redis is away (LOADING): each gateway counts rate limits for itself']);
  expect(limits.spend(limitedKey(aKeyId(), 3), NOON)).toMatchObject({ isWithin: true, remaining: 2 });
});

test('A wrong password is told without the password, and leaves each gateway to itself', async (context) => {
  const redis = await RedisServer.start(context, ['--requirepass', 'right']);
  const { limits, problems } = await openLimits(`redis://:a-wrong-one@127.0.0.1:${redis.port}`);
  expect(problems).toEqual(['Redis is away (WRONGPASS): each gateway counts rate limits for itself']);
  expect(limits.spend(limitedKey(aKeyId(), 3), NOON)).toMatchObject({ isWithin: true });
  const { limits: letIn } = await openLimits(`redis://:right@127.0.0.1:${redis.port}`);
  expect(letIn.facts().isReachable).toBe(true);
});

test('A Redis that evicts is named to the operator, one that does not or does not tell is not', async (context) => {
  const redis = await RedisServer.start(context, ['--maxmemory-policy', 'allkeys-lru']);
  const { problems } = await openLimits(redis.url);
  await vi.waitFor(() => expect(problems).toHaveLength(1), PATIENT);
  expect(problems[0]).toContain('maxmemory-policy allkeys-lru');
  await redis.send('ACL', 'SETUSER', 'counter', 'on', '>word', '~outkit:limit:*', '+@all', '-info', '-config');
  const silent = await openLimits(`redis://counter:word@127.0.0.1:${redis.port}`);
  expect(silent.limits.facts().isReachable).toBe(true);
  await redis.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  const safe = await openLimits(redis.url);
  // As many round trips as it takes to ask.
  for (let trips = 0; trips < 5; trips++) await safe.limits.headroom(aKeyId(), 1, NOON);
  expect(safe.problems).toEqual([]);
  expect(silent.problems).toEqual([]);
});
