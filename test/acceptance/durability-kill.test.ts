import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFailed } from 'vitest';
import { IS_LONG } from '../long-tests.ts';
import { seededRandom } from '../seeded-random.ts';
import { Client, type Cut, observed } from './durability-client.ts';
import { expectResolved, keyIds } from './durability-oracle.ts';
import { ServerProcess } from './durability-server.ts';
import { temporaryProject } from './outkit.ts';

const KILLS = IS_LONG ? 50 : 12;
const CLIENTS = 4;
/** Long enough for each client to have some tens of answers. */
const LONGEST_STREAM_MS = 120;

it(`a server that is killed at ${KILLS} random instants has lost nothing that it acknowledged, and has done nothing by halves`, {
  timeout: 300_000,
}, async () => {
  const seed = Number(process.env['OUTKIT_TEST_SEED'] ?? Date.now() % 1_000_000);
  onTestFailed(() => console.error(`OUTKIT_TEST_SEED=${seed}`));
  const random = seededRandom(seed);
  const below = (end: number) => Buffer.from(random(new Uint8Array(4))).readUInt32LE() % end;
  const project = temporaryProject();
  const clients = Array.from({ length: CLIENTS }, () => new Client(below));
  const restarts: number[] = [];
  let unknowns = 0;

  let server = await ServerProcess.start(project);
  for (let kill = 0; kill < KILLS; kill++) {
    const streams = clients.map((client) => client.workUntilCut(server));
    await wait(below(LONGEST_STREAM_MS));
    await server.kill('SIGKILL');
    const cuts = await Promise.all(streams);

    server = await ServerProcess.start(project);
    restarts.push(server.readyAfterMs ?? Number.NaN);
    await Promise.all(cuts.map((cut, index) => expectKept(server, clients[index] as Client, cut)));
    unknowns += cuts.length;
  }

  const known = clients.flatMap((client) => [...client.known.keys()]);
  expect((await keyIds(server)).sort()).toEqual(known.sort());
  await Promise.all(clients.map((client) => expectAllKept(server, client)));
  expect(await server.kill('SIGTERM')).toEqual({ exitCode: 0, signal: null });
  console.log(`${KILLS} kills, ${known.length} keys, ${unknowns} lost answers; restarts ${summary(restarts)}`);
});

/** What was acknowledged last is most at risk; the rest is looked at in the end. */
async function expectKept(server: ServerProcess, client: Client, { unknown, touched }: Cut): Promise<void> {
  client.learn(await expectResolved(server, unknown));
  for (const id of touched.slice(-2)) await expectAsKnown(server, client, id);
}

async function expectAllKept(server: ServerProcess, client: Client): Promise<void> {
  for (const id of client.known.keys()) await expectAsKnown(server, client, id);
}

async function expectAsKnown(server: ServerProcess, { known }: Client, id: string): Promise<void> {
  const state = known.get(id);
  expect(await observed(server, id, state?.roles.keys() ?? []), id).toEqual(state);
}

function summary(times: number[]): string {
  const sorted = times.toSorted((left, right) => left - right).map((time) => Math.round(time));
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms, longest ${sorted.at(-1)} ms`;
}
