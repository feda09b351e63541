import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { controlApi } from '../../src/client/control-api.ts';
import { httpKeyService } from '../../src/client/http-key-service.ts';
import { httpProfileService } from '../../src/client/http-profile-service.ts';
import { PostgresDatabase } from '../postgres-database.ts';
import { ALL_SEGMENTS, storedEvents } from '../stored-events.ts';
import { ServerProcess } from './durability-server.ts';
import { temporaryProject } from './outkit.ts';
import { setUpOwner } from './serve-owner.ts';
import { ServeProcess } from './serve-process.ts';
import { type KillSubject, killUnderLoad } from './usage-kills.ts';

/** CI takes a hundred of each. */
const KILLS = Number(process.env['OUTKIT_USAGE_KILLS'] ?? 8);
const KILLS_ON_POSTGRES = Number(process.env['OUTKIT_USAGE_KILLS'] ?? 3);

const TOTALS = `select sum(served) as "served", sum(client_errors) as "clientErrors", sum(server_errors) as "serverErrors",
  sum(rate_limited) as "rateLimited", sum(revoked) as "revoked" from usage`;

const journalsIn = (directory: string) => readdirSync(directory).filter((name) => name.startsWith('usage-'));

function embedded(): KillSubject {
  const project = temporaryProject();
  let running: ServerProcess;
  return {
    async start() {
      running = await ServerProcess.start(project);
      const { url, stderr: complaints } = running;
      const kill = async () => void (await running.kill('SIGKILL'));
      return { url, complaints, kill, stop: async () => (await running.kill('SIGTERM')).exitCode };
    },
    services: async () => running,
    async counted() {
      const database = new DatabaseSync(project.path('.outkit/outkit.db'), { readOnly: true });
      try {
        const events = storedEvents(database.prepare(ALL_SEGMENTS).all());
        return { events, totals: { ...database.prepare(TOTALS).get() } as Record<string, number> };
      } finally {
        database.close();
      }
    },
    journals: () => journalsIn(project.path('.outkit')),
  };
}

const database = new PostgresDatabase();

async function onPostgres(): Promise<KillSubject> {
  const server = await ServeProcess.start({ DATABASE_URL: database.url, OUTKIT_LIMITS: 'per-gateway' });
  let isStarted = true;
  return {
    async start() {
      if (!isStarted) await server.startAgain();
      isStarted = false;
      const { url } = server;
      return { url, complaints: '', kill: () => server.kill(), stop: () => server.stop() };
    },
    async services() {
      const call = controlApi({ url: server.url, token: await setUpOwner(server) });
      const { id: profileId } = await httpProfileService(call).create({ name: 'Shop', plan: 'pro', design: {} });
      return { keys: httpKeyService(call), profileId };
    },
    async counted() {
      const numbers = (row: object) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
      const [totals] = await database.query<object>(TOTALS);
      return {
        events: storedEvents(await database.query(ALL_SEGMENTS)),
        totals: totals === undefined ? null : numbers(totals),
      };
    },
    journals: () => journalsIn(join(server.directory, 'outkit-data')),
  };
}

const PROMISE = 'every answer that clients received is counted after each of';

it(`${PROMISE} ${KILLS} kills, and beyond them at most those in flight, as interrupted`, { timeout: 600_000 }, () =>
  killUnderLoad(embedded(), KILLS),
);

it(`${PROMISE} ${KILLS_ON_POSTGRES} kills of a gateway on Postgres, too`, { timeout: 900_000 }, async () => {
  await killUnderLoad(await onPostgres(), KILLS_ON_POSTGRES);
  const [row] = await database.query<{ count: string }>('select count(*) from gateways where is_settled = 0');
  expect(Number(row?.count)).toBeLessThanOrEqual(KILLS_ON_POSTGRES);
});
