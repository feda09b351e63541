import { beforeAll, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';
import type { KeyStats } from '../../src/core/key-service.ts';
import { ALL_EVENTS } from '../../src/core/render-event.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts';
import { seededRandom } from '../seeded-random.ts';
import { keyHeader, ServerForTests, type TestKey } from './server-for-tests.ts';
import { nonZero, sumOf, type UsageOracle } from './usage-oracle.ts';
import { OracleClient, WAYS } from './usage-oracle-client.ts';
import { makeKeys } from './usage-oracle-keys.ts';

const REQUESTS = Number(process.env['OUTKIT_ORACLE_REQUESTS'] ?? 8_000);
const SEED = Number(process.env['OUTKIT_TEST_SEED'] ?? 20261125);
const CONNECTIONS = 8;
const ROUND = 200;
const ROUNDS = Math.ceil(REQUESTS / ROUND);
const OUTCOMES = ['served', 'clientErrors', 'rateLimited', 'revoked', 'superseded', 'expired', 'archived'];

const http = new ServerForTests();
let keys: readonly TestKey[];
let oracle: UsageOracle;
/** From 22:00 in UTC to 03:00. */
beforeAll(
  async () => {
    http.server.advance(10 * HOUR_MS);
    const made = await makeKeys(http, 5 * HOUR_MS);
    ({ keys, oracle } = made);
    await sendAll(made, 5 * HOUR_MS);
    // Refused ones are held until their second is over.
    await http.server.untilMetric('outkit_events_waiting', 0);
  },
  30_000 + REQUESTS * 3,
);

/** Requests at random, in rounds in which time stands still; between them it moves on, and something happens to a key. */
async function sendAll({ secrets, steps }: Awaited<ReturnType<typeof makeKeys>>, spanMs: number): Promise<void> {
  const random = seededRandom(SEED);
  const below = (end: number) => new DataView(random(new Uint8Array(4)).buffer).getUint32(0) % end;
  const oneOf = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  const clients = Array.from({ length: CONNECTIONS }, () => new OracleClient(http.server.url));
  const begin = http.server.now();
  for (let round = 0; round < ROUNDS; round++) {
    const now = http.server.now();
    while ((steps[0]?.[0] ?? 1) <= (now - begin) / spanMs) await steps.shift()?.[1]();
    for (const secret of secrets) {
      if (secret.end !== null && now >= secret.end.at) secret.verdict = secret.end.verdict;
    }
    const sending = clients.map(async (client) => {
      for (let sent = 0; sent < ROUND / CONNECTIONS; sent++) {
        const secret = oneOf(secrets);
        oracle.add(secret, await client.status(oneOf(WAYS)(keyHeader(secret.plaintext))), now);
      }
    });
    await Promise.all(sending);
    // An answer is there before the server has counted it: time must not move in between.
    await http.server.untilMetric('outkit_open_answers', 0);
    http.server.advance(Math.ceil(spanMs / ROUNDS));
  }
  expect(steps).toEqual([]);
  for (const client of clients) client.close();
}

const countsOf = ({ served, clientErrors, serverErrors, rateLimited, refusals }: KeyStats) =>
  nonZero({ served, clientErrors, serverErrors, rateLimited, ...refusals });

/** Sums of the whole and of each point. */
async function expectStatistics(windowMs: number): Promise<void> {
  for (const [index, { id }] of keys.entries()) {
    const stats = await http.server.keys.stats(id, windowMs);
    expect(countsOf(stats)).toEqual(oracle.totals[index]);
    const stepMs = stats.step === 'hour' ? HOUR_MS : DAY_MS;
    for (const { at, served, clientErrors, rateLimited, refused } of stats.series) {
      const inPoint = [...(oracle.hours[index] ?? [])].filter(([hour]) => hour >= at && hour < at + stepMs);
      const expected = sumOf(inPoint.flatMap(([, counts]) => Object.entries(counts)));
      const { revoked = 0, superseded = 0, expired = 0, archived = 0, ...others } = expected;
      const all = nonZero({ ...others, refused: revoked + superseded + expired + archived });
      expect(nonZero({ served, clientErrors, rateLimited, refused })).toEqual(all);
    }
    expect(stats.series.at(-1)?.at).toBe(http.server.now() - (http.server.now() % stepMs));
  }
}

async function expectEvents(): Promise<void> {
  for (const [index, { id }] of keys.entries()) expect(await eventsOf(id)).toEqual(oracle.events[index]);
}

async function eventsOf(keyId: string) {
  const { profileId } = await http.server.keys.find(keyId);
  const query = { ...ALL_EVENTS, profileId, allProfiles: false, since: null, limit: 100, keyId };
  const found: [string, number][] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await http.server.events.list({ ...query, cursor });
    for (const { status, verdict, count } of page.data) found.push([`${status} ${verdict}`, count]);
    cursor = page.nextCursor;
    if (cursor === null) return sumOf(found);
  }
}

it(`metrics, totals, series and events are those of ${REQUESTS} random answers, as their clients counted them`, async () => {
  const counted = [
    ...(await http.server.metrics()).matchAll(/^outkit_renders_total{status="(\d+)",verdict="(\w+)"} (\d+)$/gm),
  ];
  const byVerdict = counted.map(([, status, verdict, count]) => [`${status} ${verdict}`, Number(count)]);
  expect(Object.fromEntries(byVerdict)).toEqual(oracle.metrics);
  const total = sumOf(oracle.totals.flatMap((totals) => Object.entries(totals)));
  for (const outcome of OUTCOMES) expect(total[outcome], outcome).toBeGreaterThan(REQUESTS / 300);
  const accepted = (total['served'] ?? 0) + (total['clientErrors'] ?? 0);
  await http.server.untilMetric('outkit_render_duration_seconds_count', accepted);
  await expectStatistics(DAY_MS);
  await expectEvents();
});

it('totals, series and events are the same after a restart', async () => {
  await http.server.restart();
  await expectStatistics(DAY_MS);
  await expectEvents();
});

it('totals and series are the same when hours were added up to days, and every answer has its duration', async () => {
  http.server.advance(40 * DAY_MS);
  await http.server.restart(async (directory) => {
    const store = await openSqliteStore({ directory });
    expect(await store.rollUpUsage(http.server.now() - 31 * DAY_MS, 10_000)).toBeGreaterThan(keys.length);
    for (const [index, { id }] of keys.entries()) {
      const rows = await store.usageOf(id, 0);
      expect(rows.every(({ hour }) => hour % DAY_MS === 0)).toBe(true);
      const { served = 0, clientErrors = 0 } = oracle.totals[index] ?? {};
      const timed = rows.flatMap(({ durations }) => [...durations.values()]).reduce((sum, count) => sum + count, 0);
      expect(timed).toBe(served + clientErrors);
    }
    await store.close();
  });
  await expectStatistics(90 * DAY_MS);
});
