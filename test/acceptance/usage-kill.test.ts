import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFailed } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { ServerProcess } from './durability-server.ts';
import { type Project, temporaryProject } from './outkit.ts';
import { KINDS, makeKeys, requestUntilCut, Tally, type UsedKey } from './usage-client.ts';

/** CI takes a hundred. */
const KILLS = Number(process.env['OUTKIT_USAGE_KILLS'] ?? 25);
const CLIENTS = 6;
const LONGEST_STREAM_MS = 250;

interface EventRow {
  readonly requestId: string;
  readonly keyId: string;
  readonly status: number;
  readonly count: number;
  readonly isInterrupted: number;
}

it(`every answer that clients received is counted after each of ${KILLS} kills, and beyond them at most those in flight, as interrupted`, {
  timeout: 600_000,
}, async () => {
  const seed = Number(process.env['OUTKIT_TEST_SEED'] ?? Date.now() % 1_000_000);
  onTestFailed(() => console.error(`OUTKIT_TEST_SEED=${seed}`));
  const random = seededRandom(seed);
  const below = (end: number) => Buffer.from(random(new Uint8Array(4))).readUInt32LE() % end;
  const project = temporaryProject();
  const tally = new Tally();
  let beyond = 0;
  let lateEnds = 0;

  let server = await ServerProcess.start(project);
  const keys = await makeKeys(server);
  for (let kill = 0; kill < KILLS; kill++) {
    const { url } = server;
    const all = KINDS.map((kind) => keys[kind]);
    const clients = Array.from({ length: CLIENTS }, () => requestUntilCut(url, all, below, tally));
    await wait(below(LONGEST_STREAM_MS));
    await server.kill('SIGKILL');
    await Promise.all(clients);

    server = await ServerProcess.start(project);
    expect(server.stderr).toBe('');
    const found = expectCounted(project, all, tally);
    // At the kill each client had one request in flight; what it then knows of as answered was over for it, not yet for the server.
    expect(found.beyond - beyond).toBeLessThanOrEqual(CLIENTS);
    expect(found.lateEnds - lateEnds).toBeLessThanOrEqual(CLIENTS);
    ({ beyond, lateEnds } = found);
  }
  expect(await server.kill('SIGTERM')).toEqual({ exitCode: 0, signal: null });
  expect(expectCounted(project, Object.values(keys), tally)).toEqual({ beyond, lateEnds });
  expect(readdirSync(project.path('.outkit')).filter((name) => name.startsWith('usage-'))).toEqual([]);
  const received = tally.statuses.size;
  expect(received).toBeGreaterThan(KILLS * 5);
  console.log(
    `${KILLS} kills: ${received} answers received, ${beyond} counted beyond them, ${lateEnds} known as interrupted`,
  );
});

/**
 * Compares the database with what clients received. `beyond`: answers that are counted and that nobody received. `lateEnds`: answers
 * that were received, and whose end the server did not get to write down.
 */
function expectCounted(project: Project, keys: readonly UsedKey[], tally: Tally) {
  const database = new DatabaseSync(project.path('.outkit/outkit.db'), { readOnly: true });
  try {
    const events = database
      .prepare(
        'select request_id requestId, key_id keyId, status, count, is_interrupted isInterrupted from render_events',
      )
      .all() as unknown as EventRow[];
    expectEventsAreTheCounts(database, events);
    const [accepted] = keys as [UsedKey];
    const own = events.filter(({ keyId }) => keyId === accepted.id);
    const byRequest = new Map(own.map((event) => [event.requestId, event]));
    expect(byRequest.size).toBe(own.length);
    for (const { requestId, status, isInterrupted } of own) {
      const received = tally.statuses.get(requestId);
      // What has an end was handed over whole, so nobody can have missed it.
      if (isInterrupted === 0) expect(received, requestId).toBe(status);
    }
    let beyond = 0;
    let lateEnds = 0;
    for (const { id, statuses } of keys) {
      for (const status of statuses) {
        const received = tally.counts.get(`${id} ${status}`) ?? 0;
        const alike = events.filter((event) => event.keyId === id && event.status === status);
        const ended = sum(alike.filter(({ isInterrupted }) => isInterrupted === 0));
        expect(ended, `${id} ${status}`).toBeLessThanOrEqual(received);
        expect(sum(alike), `${id} ${status}`).toBeGreaterThanOrEqual(received);
        beyond += sum(alike) - received;
        lateEnds += received - ended;
      }
    }
    return { beyond, lateEnds };
  } finally {
    database.close();
  }
}

function expectEventsAreTheCounts(database: DatabaseSync, events: readonly EventRow[]): void {
  const totals = database
    .prepare(
      `select sum(served) served, sum(client_errors) clientErrors, sum(server_errors) serverErrors,
        sum(rate_limited) rateLimited, sum(revoked) revoked from usage`,
    )
    .get();
  const ended = events.filter(({ isInterrupted }) => isInterrupted === 0);
  const of = (...statuses: number[]) => sum(ended.filter(({ status }) => statuses.includes(status)));
  const serverErrors = sum(events.filter(({ isInterrupted }) => isInterrupted === 1));
  const sums = { served: of(200), clientErrors: of(422), serverErrors, rateLimited: of(429), revoked: of(401) };
  expect({ ...totals }).toEqual(events.length === 0 ? expect.anything() : sums);
}

function sum(events: readonly EventRow[]): number {
  return events.reduce((total, { count }) => total + count, 0);
}
