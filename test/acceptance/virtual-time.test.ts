import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../src/core/clock.ts';
import type { CreatedKey } from '../../src/core/key-service.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { LOCAL_TOKEN, TestServer } from '../local-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { LogReader } from './log-reader.ts';
import { Project } from './outkit.ts';
import { CTRL_C } from './terminal.ts';

/** In Beirut this is midnight, at which the clock is put forward to 01:00; the old secret ends in the same instant. */
const GRACE_END = Date.parse('2027-03-27T22:00:00Z');
const FIRST = GRACE_END - 30 * MINUTE_MS;
/** Half an hour behind midnight in UTC. */
const LAST = Date.parse('2027-03-28T00:30:00Z');
const MINUTES = (LAST - FIRST) / MINUTE_MS + 1;
const UNTIL_END = (GRACE_END - FIRST) / MINUTE_MS;

const fillRandom = seededRandom(3);
const [oldSecret, newSecret] = [mintSecret('development', fillRandom), mintSecret('development', fillRandom)];
const minted = (plaintext: string) => ({ hash: hashSecret(plaintext), start: startOf(plaintext) });

let server: TestServer;
let project: Project;
let key: CreatedKey;
beforeAll(async () => {
  server = await TestServer.start();
  server.advance(GRACE_END - DAY_MS - server.now());
  const { profileId } = server;
  key = await server.keys.create({
    profileId,
    name: 'night',
    environment: 'development',
    rateLimitPerMinute: null,
    expiresAt: null,
    secret: minted(oldSecret),
  });
  await server.keys.rotate(key.id, { graceMs: DAY_MS, replaceNew: false, secret: minted(newSecret) });
  server.advance(FIRST - server.now());
  const env = { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: LOCAL_TOKEN, TZ: 'Asia/Beirut' };
  project = new Project({ files: { 'outkit.json': JSON.stringify({ profile: profileId }) }, env });
});
afterAll(async () => {
  await server.stop();
  project.remove();
});

async function render(plaintext: string): Promise<number> {
  const answer = await fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
  await answer.arrayBuffer();
  return answer.status;
}

/** Both secrets once a minute. */
async function passTheNight(): Promise<void> {
  for (let minute = 0; minute < MINUTES; minute++) {
    expect(await render(newSecret)).toBe(200);
    expect(await render(oldSecret)).toBe(minute < UNTIL_END ? 200 : 401);
    // Answered is not counted yet: time must not move in between.
    await server.untilMetric('outkit_open_answers', 0);
    server.advance(MINUTE_MS);
    if (minute !== UNTIL_END - 1) continue;
    server.advance(-1);
    expect(await render(oldSecret)).toBe(200);
    await server.untilMetric('outkit_open_answers', 0);
    server.advance(1);
  }
}

const timeOf = ({ at }: Record<string, unknown>) => Date.parse(String(at));

it('a night with a change of time, midnight here and in UTC, and the end of a grace window is told and counted right', async () => {
  const reader = new LogReader(project, []);
  const terminal = project.terminal(['logs', 'tail'], { columns: 100 });
  await terminal.waitFor('Waiting for requests');
  await server.untilMetric('outkit_tails', 2);
  await passTheNight();

  // The tail has each once, at its time.
  await expect.poll(() => reader.lines.length, { timeout: 15_000 }).toBe(2 * MINUTES + 1);
  const accepted = reader.lines.filter(({ status }) => status === 200).map(timeOf);
  const minutes = Array.from({ length: MINUTES }, (_, minute) => FIRST + minute * MINUTE_MS);
  const beforeEnd = minutes.filter((time) => time < GRACE_END);
  const expected = [...beforeEnd.flatMap((time) => [time, time]), GRACE_END - 1, ...minutes.slice(UNTIL_END)];
  expect(accepted).toEqual(expected);
  const refused = reader.lines.filter(({ verdict }) => verdict === 'superseded');
  expect(refused.map(timeOf).sort((left, right) => left - right)).toEqual(minutes.slice(UNTIL_END));
  expect(new Set(reader.seqs).size).toBe(reader.seqs.length);
  expect(reader.seqs).toEqual([...reader.seqs].sort((left, right) => Number(left) - Number(right)));

  // A person reads the time of the wall, on which this hour does not exist.
  await terminal.waitFor('03:30:00');
  const shown = terminal
    .scrollback()
    .split('\n')
    .map((line) => line.slice(0, 17).trimEnd());
  const midnight = shown.indexOf('── 2027-03-28 ──');
  expect(shown[midnight - 1]).toMatch(/^23:59:59 +200/);
  expect(shown[midnight + 1]).toMatch(/^01:00:00 +200/);
  expect(shown.filter((line) => line.startsWith('00:'))).toEqual([]);
  expect(shown.filter((line) => line.startsWith('── '))).toEqual(['── 2027-03-27 ──', '── 2027-03-28 ──']);
  terminal.type(CTRL_C);
  expect(await terminal.exitCode).toBe(0);

  // Hours are 60 minutes, and days end at midnight in UTC.
  const hours = await server.keys.stats(key.id, DAY_MS);
  const points = hours.series
    .slice(-4)
    .map(({ at, served, refused: count }) => [new Date(at).toISOString(), served, count]);
  expect(points).toEqual([
    ['2027-03-27T21:00:00.000Z', 61, 0],
    ['2027-03-27T22:00:00.000Z', 60, 60],
    ['2027-03-27T23:00:00.000Z', 60, 60],
    ['2027-03-28T00:00:00.000Z', 31, 31],
  ]);
  expect(hours).toMatchObject({ refusals: { superseded: 151 }, previousSecret: null, status: 'active' });
  const days = await server.keys.stats(key.id, DAY_MS, 'day');
  expect(days.series.map(({ served, refused: count }) => [served, count])).toEqual([
    [181, 120],
    [31, 31],
  ]);
}, 60_000);
