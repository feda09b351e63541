import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFailed } from 'vitest';
import type { KeyService } from '../../src/core/key-service.ts';
import type { StoredEvent } from '../../src/core/render-event.ts';
import { seededRandom } from '../seeded-random.ts';
import { KINDS, makeKeys, requestUntilCut, Tally, type UsedKey } from './usage-client.ts';

const CLIENTS = 6;
const LONGEST_STREAM_MS = 250;

/** What the database has. */
export interface Counted {
  readonly events: readonly StoredEvent[];
  /** Sums over all rows of usage, by outcome; `null` without a row. */
  readonly totals: Readonly<Record<string, number>> | null;
}

export interface KilledServer {
  readonly url: string;
  /** What it had to say of its start. */
  readonly complaints: string;
  kill(): Promise<void>;
  /** Resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** A server that can be started again on what it left behind. */
export interface KillSubject {
  start(): Promise<KilledServer>;
  /** For the server that was started first. */
  services(): Promise<{ readonly keys: KeyService; readonly profileId: string }>;
  counted(): Promise<Counted>;
  /** Names of journals that are left. */
  journals(): readonly string[];
}

/** Kills a server under load, again and again, and compares each time what is counted with what clients received. */
export async function killUnderLoad(subject: KillSubject, kills: number): Promise<void> {
  const seed = Number(process.env['OUTKIT_TEST_SEED'] ?? Date.now() % 1_000_000);
  onTestFailed(() => console.error(`OUTKIT_TEST_SEED=${seed}`));
  const random = seededRandom(seed);
  const below = (end: number) => Buffer.from(random(new Uint8Array(4))).readUInt32LE() % end;
  const tally = new Tally();
  let beyond = 0;
  let lateEnds = 0;

  let server = await subject.start();
  const keys = await makeKeys(await subject.services());
  const all = KINDS.map((kind) => keys[kind]);
  for (let kill = 0; kill < kills; kill++) {
    const { url } = server;
    const clients = Array.from({ length: CLIENTS }, () => requestUntilCut(url, all, below, tally));
    await wait(below(LONGEST_STREAM_MS));
    await server.kill();
    await Promise.all(clients);

    server = await subject.start();
    expect(server.complaints).toBe('');
    const found = expectCounted(await subject.counted(), all, tally);
    // At the kill each client had one request in flight; what it then knows of as answered was over for it, not yet for the server.
    expect(found.beyond - beyond).toBeLessThanOrEqual(CLIENTS);
    expect(found.lateEnds - lateEnds).toBeLessThanOrEqual(CLIENTS);
    ({ beyond, lateEnds } = found);
  }
  expect(await server.stop()).toBe(0);
  expect(expectCounted(await subject.counted(), all, tally)).toEqual({ beyond, lateEnds });
  expect(subject.journals()).toEqual([]);
  const received = tally.statuses.size;
  expect(received).toBeGreaterThan(kills * 5);
  console.log(
    `${kills} kills: ${received} answers received, ${beyond} counted beyond them, ${lateEnds} known as interrupted`,
  );
}

/**
 * Compares the database with what clients received. `beyond`: answers that are counted and that nobody received. `lateEnds`: answers
 * that were received, and whose end the server did not get to write down.
 */
function expectCounted({ events, totals }: Counted, keys: readonly UsedKey[], tally: Tally) {
  expectEventsAreTheCounts(events, totals);
  const [accepted] = keys as [UsedKey];
  const own = events.filter(({ keyId }) => keyId === accepted.id);
  const byRequest = new Map(own.map((event) => [event.requestId, event]));
  expect(byRequest.size).toBe(own.length);
  for (const { requestId, status, isInterrupted } of own) {
    const received = tally.statuses.get(requestId);
    // What has an end was handed over whole, so nobody can have missed it.
    if (!isInterrupted) expect(received, requestId).toBe(status);
  }
  let beyond = 0;
  let lateEnds = 0;
  for (const { id, statuses } of keys) {
    for (const status of statuses) {
      const received = tally.counts.get(`${id} ${status}`) ?? 0;
      const alike = events.filter((event) => event.keyId === id && event.status === status);
      const ended = sum(alike.filter(({ isInterrupted }) => !isInterrupted));
      expect(ended, `${id} ${status}`).toBeLessThanOrEqual(received);
      expect(sum(alike), `${id} ${status}`).toBeGreaterThanOrEqual(received);
      beyond += sum(alike) - received;
      lateEnds += received - ended;
    }
  }
  return { beyond, lateEnds };
}

function expectEventsAreTheCounts(events: readonly StoredEvent[], totals: Counted['totals']): void {
  const ended = events.filter(({ isInterrupted }) => !isInterrupted);
  const of = (...statuses: number[]) => sum(ended.filter(({ status }) => statuses.includes(status)));
  const serverErrors = sum(events.filter(({ isInterrupted }) => isInterrupted));
  const sums = { served: of(200), clientErrors: of(422), serverErrors, rateLimited: of(429), revoked: of(401) };
  expect(totals).toEqual(events.length === 0 ? expect.anything() : sums);
}

function sum(events: readonly StoredEvent[]): number {
  return events.reduce((total, { count }) => total + count, 0);
}
