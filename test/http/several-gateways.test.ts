import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { AccountsServer, PASSWORD, type TestPerson } from '../accounts-server.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { seededRandom } from '../seeded-random.ts';
import { EventReader } from './event-reader.ts';

const OWNER = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };

const UNCHANGED = { name: null, plan: null, design: null, set: {}, unset: [] } as const;

const database = new PostgresDatabase();
const fillRandom = seededRandom(12);

let servers: AccountsServer[] = [];
let olga: TestPerson;
let profileId: string;

const start = (gatewayName: string) =>
  AccountsServer.start({ databaseUrl: database.url, owner: OWNER, gatewayName, limits: 'per-gateway' });

beforeAll(async () => {
  if (!database.isThere) return;
  servers = [await start('gateway-1'), await start('gateway-2'), await start('gateway-3')];
  olga = await first().signIn(OWNER.email);
  profileId = (await as().profiles.create({ name: 'Shop', plan: 'pro', design: {} })).id;
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

function first(): AccountsServer {
  return servers[0] as AccountsServer;
}

/** The services of the owner at one of the servers. */
function as(index = 0) {
  return (servers[index] as AccountsServer).as(olga);
}

function minted() {
  const plaintext = mintSecret('development', fillRandom);
  return { plaintext, secret: { hash: hashSecret(plaintext), start: startOf(plaintext) } };
}

async function createKey(
  index = 0,
  fields: { readonly profileId?: string; readonly rateLimitPerMinute?: number } = {},
) {
  const { plaintext, secret } = minted();
  const wanted = {
    profileId,
    name: 'web',
    environment: 'development',
    expiresAt: null,
    rateLimitPerMinute: 1_000_000,
  } as const;
  return { ...(await as(index).keys.create({ ...wanted, ...fields, secret })), plaintext };
}

async function say({ url }: AccountsServer, plaintext: string): Promise<string> {
  const answer = await fetch(`${url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
  const body = (await answer.json()) as { code?: string };
  return body.code ?? String(answer.status);
}

/** What every gateway says of a key, each asked now. */
const everywhere = (plaintext: string) => Promise.all(servers.map((server) => say(server, plaintext)));

describe('when a command has returned, all gateways know', () => {
  it('a new key and a revoked one, whichever server was told', async () => {
    for (let round = 0; round < 12; round++) {
      const key = await createKey(round % 3);
      expect(await everywhere(key.plaintext)).toEqual(['200', '200', '200']);
      const revoked = await as((round + 1) % 3).keys.revoke(key.id, null);
      expect(await everywhere(key.plaintext)).toEqual(Array(3).fill('key_revoked'));
      expect(revoked.gateways).toMatchObject({ confirmed: 3, waitedOut: 0, unconfirmed: [] });
    }
  });

  it('a key that was asked for before it was there', async () => {
    const { plaintext, secret } = minted();
    expect(await everywhere(plaintext)).toEqual(Array(3).fill('key_unknown'));
    const wanted = {
      profileId,
      name: 'web',
      environment: 'development',
      expiresAt: null,
      rateLimitPerMinute: null,
    } as const;
    await as(1).keys.create({ ...wanted, secret });
    expect(await everywhere(plaintext)).toEqual(['200', '200', '200']);
  });

  it('a rotation, its end, and its undoing', async () => {
    const key = await createKey();
    const newer = minted();
    await as(1).keys.rotate(key.id, { secret: newer.secret, graceMs: DAY_MS, replaceNew: false });
    expect(await everywhere(newer.plaintext)).toEqual(['200', '200', '200']);
    expect(await everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    await as(2).keys.cancelRotation(key.id);
    expect(await everywhere(newer.plaintext)).toEqual(Array(3).fill('key_revoked'));
    const newest = minted();
    await as(0).keys.rotate(key.id, { secret: newest.secret, graceMs: DAY_MS, replaceNew: false });
    await as(1).keys.endGrace(key.id);
    expect(await everywhere(key.plaintext)).toEqual(Array(3).fill('key_superseded'));
    expect(await everywhere(newest.plaintext)).toEqual(['200', '200', '200']);
  });

  it('an archived profile, and one with another plan', async () => {
    const { id } = await as(1).profiles.create({ name: 'Short', plan: 'pro', design: {} });
    const key = await createKey(2, { profileId: id });
    expect(await everywhere(key.plaintext)).toEqual(['200', '200', '200']);
    await as(2).profiles.update(id, { ...UNCHANGED, plan: 'free' });
    await as(0).profiles.archive(id);
    expect(await everywhere(key.plaintext)).toEqual(Array(3).fill('key_archived'));
  });
});

it('what all gateways answered adds up, wherever it is asked for', async () => {
  const key = await createKey();
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, number) => say(servers[number % 3] as AccountsServer, key.plaintext)),
  );
  expect(new Set(answers)).toEqual(new Set(['200']));
  for (const index of [0, 1, 2]) {
    // What another gateway has counted is in the database a tenth of a second later.
    await expect.poll(async () => (await as(index).keys.stats(key.id, DAY_MS)).served).toBe(300);
  }
});

it('a live log has the requests to all gateways, each once and in one order', async () => {
  const key = await createKey();
  const path = `/v1/profiles/${profileId}/events/stream?keyId=${key.id}`;
  const readers = servers.map(({ url }) => new EventReader({ url, path, token: olga.credential }));
  for (const reader of readers) await reader.opened();
  for (let number = 0; number < 30; number++) await say(servers[number % 3] as AccountsServer, key.plaintext);
  const seqsOf = ({ frames }: EventReader) => frames.map(({ id }) => id);
  for (const reader of readers) await expect.poll(() => seqsOf(reader).length, { timeout: 10_000 }).toBe(30);
  const [one, two, three] = readers.map(seqsOf);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
  for (const reader of readers) reader.close();
});

it('a limit that each gateway counts for itself says so, in headers and statistics', async () => {
  const key = await createKey(0, { rateLimitPerMinute: 2 });
  const said = await Promise.all(
    Array.from({ length: 9 }, (_, number) => say(servers[number % 3] as AccountsServer, key.plaintext)),
  );
  expect(said.filter((code) => code === '200')).toHaveLength(6);
  const answer = await fetch(`${first().url}/components`, { headers: { 'x-outkit-api-key': key.plaintext } });
  expect(answer.headers.get('ratelimit-policy')).toBe('"key-per-gateway";q=2;w=60');
  expect((await as().keys.stats(key.id, DAY_MS)).rateLimit).toMatchObject({
    limit: 2,
    remaining: 0,
    scope: 'per-gateway',
  });
});

it('a session and a page of a list go on at another server', async () => {
  const { id } = await as().profiles.create({ name: 'Pages', plan: 'pro', design: {} });
  for (let number = 0; number < 3; number++) await createKey(number, { profileId: id });
  const list = { profileId: id, includeEnded: false, limit: 2 };
  const page = await as(0).keys.list({ ...list, cursor: null });
  const next = await as(1).keys.list({ ...list, cursor: page.nextCursor });
  expect([page.data.length, next.data.length, next.nextCursor]).toEqual([2, 1, null]);
});

it('a server that was stopped is not waited for', async () => {
  const fourth = await start('gateway-4');
  const key = await createKey();
  expect(await say(fourth, key.plaintext)).toBe('200');
  await fourth.stop();
  const { gateways } = await as().keys.revoke(key.id, null);
  expect(gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
});

it('a second gateway that counts for itself is refused, unless that is wanted', async () => {
  await expect(
    AccountsServer.start({ databaseUrl: database.url, owner: OWNER, gatewayName: 'gateway-5' }),
  ).rejects.toMatchObject({ code: 'invalid_config', message: expect.stringContaining('Another gateway, gateway-') });
  const key = await createKey();
  expect((await as().keys.revoke(key.id, null)).gateways).toMatchObject({ confirmed: 3, waitedOut: 0 });
});

it('a server says that it is ready while it can judge', async () => {
  for (const { url } of servers) {
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }]);
  }
});

// Last: for a while the address of all these tests has no share left.
it('made-up keys do not reach the database without end, and known keys are judged meanwhile', async () => {
  const [key, dead] = [await createKey(), await createKey()];
  await as().keys.revoke(dead.id, null);
  const [, second] = servers as [AccountsServer, AccountsServer];
  await say(second, key.plaintext);
  await say(second, dead.plaintext);
  const said = new Map<string, number>();
  for (let round = 0; round < 16; round++) {
    const codes = await Promise.all(Array.from({ length: 50 }, () => say(second, minted().plaintext)));
    for (const code of codes) said.set(code, (said.get(code) ?? 0) + 1);
  }
  expect([...said.keys()].sort()).toEqual(['key_unknown', 'unavailable']);
  expect(said.get('key_unknown')).toBeGreaterThanOrEqual(500);
  expect([await say(second, key.plaintext), await say(second, dead.plaintext)]).toEqual(['200', 'key_revoked']);
});
