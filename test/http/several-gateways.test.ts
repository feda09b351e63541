import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { GatewayServers, say } from '../gateway-servers.ts';
import { EventReader } from './event-reader.ts';

const UNCHANGED = { name: null, plan: null, design: null, set: {}, unset: [] } as const;

const servers = new GatewayServers();

describe('when a command has returned, all gateways know', () => {
  it('a new key and a revoked one, whichever server was told', async () => {
    for (let round = 0; round < 12; round++) {
      const key = await servers.createKey(round % 3);
      expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
      const revoked = await servers.as((round + 1) % 3).keys.revoke(key.id, null);
      expect(await servers.everywhere(key.plaintext)).toEqual(Array(3).fill('key_revoked'));
      expect(revoked.gateways).toMatchObject({ confirmed: 3, waitedOut: 0, unconfirmed: [] });
    }
  });

  it('a key that was asked for before it was there', async () => {
    const { plaintext, secret } = servers.mint();
    expect(await servers.everywhere(plaintext)).toEqual(Array(3).fill('key_unknown'));
    const wanted = {
      profileId: servers.profileId,
      name: 'web',
      environment: 'development',
      expiresAt: null,
      rateLimitPerMinute: null,
    } as const;
    await servers.as(1).keys.create({ ...wanted, secret });
    expect(await servers.everywhere(plaintext)).toEqual(['200', '200', '200']);
  });

  it('a rotation, its end, and its undoing', async () => {
    const key = await servers.createKey();
    const newer = servers.mint();
    await servers.as(1).keys.rotate(key.id, { secret: newer.secret, graceMs: DAY_MS, replaceNew: false });
    expect(await servers.everywhere(newer.plaintext)).toEqual(['200', '200', '200']);
    expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    await servers.as(2).keys.cancelRotation(key.id);
    expect(await servers.everywhere(newer.plaintext)).toEqual(Array(3).fill('key_revoked'));
    const newest = servers.mint();
    await servers.as(0).keys.rotate(key.id, { secret: newest.secret, graceMs: DAY_MS, replaceNew: false });
    await servers.as(1).keys.endGrace(key.id);
    expect(await servers.everywhere(key.plaintext)).toEqual(Array(3).fill('key_superseded'));
    expect(await servers.everywhere(newest.plaintext)).toEqual(['200', '200', '200']);
  });

  it('another limit and another end of a key', async () => {
    const key = await servers.createKey(0, { rateLimitPerMinute: 1 });
    expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    await servers.as(1).keys.update(key.id, { rateLimitPerMinute: 2 });
    expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    expect(await servers.everywhere(key.plaintext)).toEqual(Array(3).fill('rate_limited'));
    await servers.as(2).keys.update(key.id, { rateLimitPerMinute: null, expiresAt: Date.now() + 300 });
    expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    await expect.poll(() => servers.everywhere(key.plaintext)).toEqual(Array(3).fill('key_expired'));
  });

  it('an archived profile, and one with another plan', async () => {
    const { id } = await servers.as(1).profiles.create({ name: 'Short', plan: 'pro', design: {} });
    const key = await servers.createKey(2, { profileId: id });
    expect(await servers.everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    await servers.as(2).profiles.update(id, { ...UNCHANGED, plan: 'free' });
    await servers.as(0).profiles.archive(id);
    expect(await servers.everywhere(key.plaintext)).toEqual(Array(3).fill('key_archived'));
  });
});

it('what all gateways answered adds up, wherever it is asked for', async () => {
  const key = await servers.createKey();
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, number) => say(servers.at(number % 3), key.plaintext)),
  );
  expect(new Set(answers)).toEqual(new Set(['200']));
  for (const index of [0, 1, 2]) {
    // What another gateway has counted is in the database a tenth of a second later.
    await expect.poll(async () => (await servers.as(index).keys.stats(key.id, DAY_MS)).served).toBe(300);
  }
});

it('a live log has the requests to all gateways, each once and in one order', async () => {
  const key = await servers.createKey();
  const path = `/v1/profiles/${servers.profileId}/events/stream?keyId=${key.id}`;
  const readers = servers.all.map(({ url }) => new EventReader({ url, path, token: servers.olga.credential }));
  for (const reader of readers) await reader.opened();
  for (let number = 0; number < 30; number++) await say(servers.at(number % 3), key.plaintext);
  const seqsOf = ({ frames }: EventReader) => frames.map(({ id }) => id);
  for (const reader of readers) await expect.poll(() => seqsOf(reader).length, { timeout: 10_000 }).toBe(30);
  const [one, two, three] = readers.map(seqsOf);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
  for (const reader of readers) reader.close();
});

it('a limit that each gateway counts for itself says so, in headers and statistics', async () => {
  const key = await servers.createKey(0, { rateLimitPerMinute: 2 });
  const said = await Promise.all(Array.from({ length: 9 }, (_, number) => say(servers.at(number % 3), key.plaintext)));
  expect(said.filter((code) => code === '200')).toHaveLength(6);
  const answer = await fetch(`${servers.at(0).url}/components`, { headers: { 'x-outkit-api-key': key.plaintext } });
  expect(answer.headers.get('ratelimit-policy')).toBe('"key-per-gateway";q=2;w=60');
  expect((await servers.as().keys.stats(key.id, DAY_MS)).rateLimit).toMatchObject({
    limit: 2,
    remaining: 0,
    scope: 'per-gateway',
  });
});

it('a session and a page of a list go on at another server', async () => {
  const { id } = await servers.as().profiles.create({ name: 'Pages', plan: 'pro', design: {} });
  for (let number = 0; number < 3; number++) await servers.createKey(number, { profileId: id });
  const list = { profileId: id, includeEnded: false, limit: 2 };
  const page = await servers.as(0).keys.list({ ...list, cursor: null });
  const next = await servers.as(1).keys.list({ ...list, cursor: page.nextCursor });
  expect([page.data.length, next.data.length, next.nextCursor]).toEqual([2, 1, null]);
});

it('a server that was stopped is not waited for', async () => {
  const fourth = await servers.start('gateway-4');
  const key = await servers.createKey();
  expect(await say(fourth, key.plaintext)).toBe('200');
  await fourth.stop();
  const { gateways } = await servers.as().keys.revoke(key.id, null);
  expect(gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
});

it('a second gateway that counts for itself is refused, unless that is wanted', async () => {
  await expect(servers.start('gateway-5', 'shared')).rejects.toMatchObject({
    code: 'invalid_config',
    message: expect.stringContaining('Another gateway, gateway-'),
  });
  const key = await servers.createKey();
  expect((await servers.as().keys.revoke(key.id, null)).gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
});

it('a server says that it is ready while it can judge', async () => {
  for (const { url } of servers.all) {
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }]);
  }
});

// Last: for a while the address of all these tests has no share left.
it('made-up keys do not reach the database without end, and known keys are judged meanwhile', async () => {
  const [key, dead] = [await servers.createKey(), await servers.createKey()];
  await servers.as().keys.revoke(dead.id, null);
  const second = servers.at(1);
  await say(second, key.plaintext);
  await say(second, dead.plaintext);
  const said = new Map<string, number>();
  // On a slow machine some of the share comes back meanwhile.
  for (let round = 0; round < 100 && !said.has('unavailable'); round++) {
    const codes = await Promise.all(Array.from({ length: 50 }, () => say(second, servers.mint().plaintext)));
    for (const code of codes) said.set(code, (said.get(code) ?? 0) + 1);
  }
  expect([...said.keys()].sort()).toEqual(['key_unknown', 'unavailable']);
  expect(said.get('key_unknown')).toBeGreaterThanOrEqual(500);
  expect([await say(second, key.plaintext), await say(second, dead.plaintext)]).toEqual(['200', 'key_revoked']);
});
