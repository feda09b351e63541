import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { KnownKey } from '../../src/gateway/known-key.ts';
import { emptyWindow, headroom, RATE_WINDOW_MS, spend } from '../../src/gateway/rate-limit.ts';
import { NOON } from '../key-builder.ts';
import { sendCommand } from '../redis-server.ts';
import { aKeyId, limitedKey, openLimits } from './limited-key.ts';

const REDIS = process.env['OUTKIT_TEST_REDIS'] ?? 'redis://127.0.0.1:6379';
const used = new Set<string>();
let missing: string | null = null;

beforeAll(async () => {
  missing = await sendCommand(REDIS, ['PING']).then(
    () => null,
    (error: unknown) =>
      `there is no Redis server at OUTKIT_TEST_REDIS: ${error instanceof Error ? error.message : error}`,
  );
});
beforeEach(({ skip }: TestContext) => {
  if (missing === null) return;
  if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(missing);
  skip(missing);
});
afterEach(async () => {
  if (used.size > 0) await sendCommand(REDIS, ['DEL', ...used]);
  used.clear();
});

function newKeyId(): string {
  const id = aKeyId();
  used.add(nameOf(id));
  return id;
}

function nameOf(keyId: string): string {
  return `outkit:limit:${keyId}`;
}

/** Lets time pass for a key in Redis. */
async function age(keyId: string, byMs: number): Promise<void> {
  const script = `local ttl = redis.call('PTTL', KEYS[1])
    if ttl > 0 then redis.call('PEXPIRE', KEYS[1], ttl - ARGV[1]) end`;
  await sendCommand(REDIS, ['EVAL', script, '1', nameOf(keyId), String(byMs)]);
}

describe('a window in Redis', () => {
  it('answers as the window of a single gateway, whatever the arrivals and the changes of the limit, and wherever they arrive', async () => {
    const { limits: here } = await openLimits(REDIS);
    const { limits: there } = await openLimits(REDIS);
    // Seconds, in steps that are longer than a run takes: Redis has a clock of its own.
    const arrival = fc.record({
      afterS: fc.constantFrom(0, 0, 0, 0, 10, 20, 30, 60),
      limit: fc.integer({ min: 1, max: 6 }),
      isHere: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 25 }), async (arrivals) => {
        const id = newKeyId();
        const windows = [emptyWindow(), emptyWindow()] as const;
        const oracle = emptyWindow();
        let now = NOON;
        for (const { afterS, limit, isHere } of arrivals) {
          now += afterS * 1000;
          if (afterS > 0) await age(id, afterS * 1000);
          const key: KnownKey = { ...limitedKey(id, limit), window: windows[isHere ? 0 : 1] };
          const expected = spend(oracle, limit, now);
          const spent = await (isHere ? here : there).spend(key, now);
          expect({ ...spent, resetAt: null }).toEqual({ ...expected, resetAt: null });
          expect(Math.abs((spent.resetAt ?? 0) - (expected.resetAt ?? 0))).toBeLessThan(5_000);
        }
        const left = headroom(oracle, 7, now);
        expect(await here.headroom(id, 7, now)).toMatchObject({ limit: 7, remaining: left.remaining });
      }),
      { numRuns: 60 },
    );
    expect(here.facts()).toEqual({ isReachable: true, judgedLocally: 0, vanishedWindows: 0 });
    expect(there.facts()).toEqual({ isReachable: true, judgedLocally: 0, vanishedWindows: 0 });
  });

  it('admits exactly the limit for three gateways that ask at once', async () => {
    const id = newKeyId();
    const limit = 100;
    const opened = await Promise.all([1, 2, 3].map(() => openLimits(REDIS)));
    const gateways = opened.map(({ limits }) => ({ limits, key: limitedKey(id, limit) }));
    const requests = Array.from({ length: 200 }, () => gateways.map(({ limits, key }) => limits.spend(key, NOON)));
    const spent = await Promise.all(requests.flat());
    expect(spent.filter(({ isWithin }) => isWithin)).toHaveLength(limit);
    const left = spent.filter(({ isWithin }) => isWithin).map(({ remaining }) => remaining);
    expect(left.sort((one, other) => one - other)).toEqual(Array.from({ length: limit }, (_, index) => index));
    for (const { limits } of gateways) expect(limits.facts().judgedLocally).toBe(0);
  });

  it('ends where its first answer said, however long answers take, and a minute after its first request', async () => {
    const id = newKeyId();
    const { limits } = await openLimits(REDIS);
    const key = limitedKey(id, 2);
    const { resetAt } = await limits.spend(key, NOON);
    expect(resetAt).toBe(NOON + RATE_WINDOW_MS);
    for (let request = 0; request < 5; request++) {
      await sendCommand(REDIS, ['PING']);
      expect((await limits.spend(key, NOON + 1)).resetAt).toBe(resetAt);
    }
    expect(await sendCommand(REDIS, ['GET', nameOf(id)])).toBe('2');
  });

  it('tells what is left without spending or keeping anything', async () => {
    const id = newKeyId();
    const { limits } = await openLimits(REDIS);
    expect(await limits.headroom(id, 3, NOON)).toEqual({ limit: 3, remaining: 3, resetAt: null });
    expect(await sendCommand(REDIS, ['EXISTS', nameOf(id)])).toBe(0);
    await limits.spend(limitedKey(id, 3), NOON);
    for (let read = 0; read < 5; read++) {
      expect(await limits.headroom(id, 3, NOON)).toMatchObject({ limit: 3, remaining: 2 });
    }
    expect(await limits.headroom(id, 1, NOON)).toMatchObject({ limit: 1, remaining: 0 });
  });

  it('does not ask Redis for a key that is over its limit before its window ends or its limit is raised', async () => {
    const id = newKeyId();
    const { limits } = await openLimits(REDIS);
    const key = limitedKey(id, 1);
    const { resetAt } = await limits.spend(key, NOON);
    const over = { isWithin: false, limit: 1, remaining: 0, resetAt };
    expect(limits.spend(key, NOON)).toEqual(over);
    expect(limits.spend(key, (resetAt as number) - 1)).toEqual(over);
    const raised = { ...key, ownLimitPerMinute: 3 };
    expect(await limits.spend(raised, NOON)).toMatchObject({ isWithin: true, remaining: 1 });
    const lowered = { ...key, ownLimitPerMinute: 2 };
    expect(limits.spend(lowered, NOON)).toEqual({ ...over, limit: 2 });
    await age(id, RATE_WINDOW_MS);
    expect(await limits.spend(key, resetAt as number)).toMatchObject({ isWithin: true, remaining: 0 });
  });

  it.each([
    ['a list', ['RPUSH', 'x']],
    ['a text', ['SET', 'x']],
    ['a fraction', ['SET', '1.5']],
    ['less than nothing', ['SET', '-5']],
    ['a count without an end', ['SET', '9']],
  ])('begins anew where the value is %s', async (_what, [command = '', value = '']) => {
    const id = newKeyId();
    await sendCommand(REDIS, [command, nameOf(id), value]);
    if (value !== '9') await sendCommand(REDIS, ['PEXPIRE', nameOf(id), '30000']);
    const { limits } = await openLimits(REDIS);
    expect(await limits.headroom(id, 3, NOON)).toEqual({ limit: 3, remaining: 3, resetAt: null });
    const spent = await limits.spend(limitedKey(id, 3), NOON);
    expect(spent).toEqual({ isWithin: true, limit: 3, remaining: 2, resetAt: NOON + RATE_WINDOW_MS });
    expect(limits.facts().judgedLocally).toBe(0);
  });

  it('begins anew where its end is further off than a window is long, as after a clock that was set back', async () => {
    const id = newKeyId();
    await sendCommand(REDIS, ['SET', nameOf(id), '3', 'PX', '3600000']);
    const { limits } = await openLimits(REDIS);
    expect(await limits.spend(limitedKey(id, 3), NOON)).toMatchObject({ isWithin: true, remaining: 2 });
  });
});
