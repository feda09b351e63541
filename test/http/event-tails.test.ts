import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RenderEvent } from '../../src/core/render-event.ts';
import { embeddedGatewayService } from '../../src/gateway/embedded-gateway-service.ts';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import { controlAccess } from '../../src/server/control/access.ts';
import { addControlApi } from '../../src/server/control/control-api.ts';
import { bearerToken, type Identify } from '../../src/server/control/identity.ts';
import { embeddedGateways } from '../../src/server/embedded-gateways.ts';
import { EventHub } from '../../src/server/events/event-hub.ts';
import { createHttpApp } from '../../src/server/http-app.ts';
import { createCursors } from '../../src/services/cursor.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { record, sampleEvent } from '../contract/event-store/samples.ts';
import { AUTHOR } from '../contract/key-store/samples.ts';
import { aKey, aProfile, NOON } from '../key-builder.ts';
import { seededRandom } from '../seeded-random.ts';
import { EventReader } from './event-reader.ts';

const profile = aProfile();
const team = { id: profile.teamId, name: 'Many', createdAt: NOON };
const key = aKey({ profileId: profile.id, teamId: team.id });

let directory: string;
let store: Store;
let hub: EventHub;
let app: FastifyInstance;
let url: string;

/** A server whose caller is whoever the token names, so that there can be many, on a real database and real sockets. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outkit-tails-'));
  store = await openSqliteStore({ directory });
  await store.insertTeam(team);
  await store.insertProfile(profile, AUTHOR);
  await store.insertKey(key, AUTHOR);
  const fillRandom = seededRandom(5);
  const clock = { now: () => NOON };
  hub = await EventHub.open(store);
  const view = await EmbeddedKeyView.load(store);
  const gateways = embeddedGateways(view, { flush: async () => {} }, clock, {
    onProfile: () => {},
    onChanged: () => {},
  });
  const members = embeddedGatewayService({ id: '1'.repeat(32), name: 'local', version: '1.2.3' }, clock);
  const cursors = createCursors(fillRandom(new Uint8Array(32)));
  const identify: Identify = async (request) => {
    const name = bearerToken(request) ?? 'nobody';
    const requester = { name, personId: name, session: null, client: 'test/1', ip: '127.0.0.1' };
    return { requester, roles: [{ team, role: 'owner' }], signedIn: null };
  };
  app = createHttpApp({ ownNames: [], trustedProxies: [], fillRandom, onInternalError: () => {} });
  addControlApi(app, identify, controlAccess({ store, hub, gateways, members, cursors, clock, fillRandom }, null));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  app.server.closeAllConnections();
  await app.close();
  await store.close();
  await rm(directory, { recursive: true });
});

function follow(token: string, query = ''): EventReader {
  return new EventReader({ url, path: `/v1/profiles/${profile.id}/events/stream${query}`, token });
}

function event(number: number, fields: Partial<RenderEvent> = {}): RenderEvent {
  return sampleEvent(number, { profileId: profile.id, keyId: key.id, ...fields });
}

async function publish(count: number): Promise<void> {
  hub.publish(
    await record(
      store,
      Array.from({ length: count }, (_, number) => event(number)),
    ),
  );
}

const upTo = (end: number, start = 1) => Array.from({ length: end - start + 1 }, (_, index) => start + index);
const idsOf = ({ frames }: EventReader) => frames.map(({ id }) => id);

it('1,000 may be open at once, and each shows each event once; one more is refused', async () => {
  const readers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => follow(`p${index % 50}`).opened()));
  expect(new Set(readers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(hub.tails).toBe(1_000);
  const path = `/v1/profiles/${profile.id}/events/stream`;
  const refused = await fetch(new URL(path, url), { headers: { authorization: 'Bearer one-more' } });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'unavailable' });
  for (let batch = 0; batch < 5; batch++) await publish(4);
  for (const reader of readers) {
    await reader.until(({ frames }) => frames.length === 20);
    expect(idsOf(reader)).toEqual(upTo(20));
    reader.close();
  }
  await expect.poll(() => hub.tails).toBe(0);
});

it('a reader that stands still gets all as soon as it reads on, and keeps nobody else from anything', async () => {
  const [slow, fast] = await Promise.all([follow('slow').opened(), follow('fast').opened()]);
  slow.pause();
  for (let batch = 0; batch < 100; batch++) {
    await publish(400);
    await fast.until(({ frames }) => frames.length === (batch + 1) * 400);
  }
  expect(slow.frames.length).toBeLessThan(40_000);
  slow.resume();
  await slow.until(({ frames }) => frames.length === 40_000);
  expect(idsOf(slow)).toEqual(upTo(40_000));
  expect(idsOf(fast)).toEqual(upTo(40_000));
  await publish(1);
  await slow.until(({ frames }) => frames.length === 40_001);
});

it('a reader that stands still while events are removed is told of the gap, and goes on behind it', async () => {
  const slow = await follow('slow').opened();
  slow.pause();
  for (let batch = 0; batch < 100; batch++) await publish(400);
  while ((await store.pruneEvents(0, 500, 500)) === 500);
  slow.resume();
  await slow.until(({ frames }) => frames.at(-1)?.id === 40_000);
  const gap = slow.frames.findIndex(({ kind }) => kind === 'gap');
  expect(gap).toBeGreaterThan(0);
  expect(idsOf(slow).slice(0, gap)).toEqual(upTo(gap));
  expect(idsOf(slow).slice(gap)).toEqual([39_500, ...upTo(40_000, 39_501)]);
});

it('no tail is left of a connection that went away at any moment of its request', async () => {
  for (let turns = 0; turns < 60; turns++) {
    const reader = follow('hasty', turns % 2 === 0 ? '?profiles=all' : '?after=0');
    for (let left = turns; left > 0; left--) await new Promise(setImmediate);
    reader.close();
    await reader.closed();
  }
  const last = await follow('hasty').opened();
  await expect.poll(() => hub.tails).toBe(1);
  last.close();
  await expect.poll(() => hub.tails).toBe(0);
});
