import pg from 'pg';
import { postgresValues } from './postgres-values.ts';
import { FACTS, refusalOf, type ServerFacts } from './server-check.ts';

/** How long the server may take over one statement, and wait for one lock, before it gives up. */
export interface PoolLimits {
  readonly connections: number;
  readonly statementMs: number;
  readonly lockMs: number;
}

/** Changes take turns at the clock anyway: more connections would only wait there. */
export const SERVING: PoolLimits = { connections: 8, statementMs: 10_000, lockMs: 5_000 };

/** Who judges requests needs an answer while its lease lasts, or none. */
export const JUDGING: PoolLimits = { connections: 4, statementMs: 1_000, lockMs: 1_000 };

/** A step of the schema may copy a table, and other servers wait until it is done. */
export const MIGRATING: PoolLimits = { connections: 1, statementMs: 600_000, lockMs: 600_000 };

const CONNECT_MS = 5_000;
/** A process that stands still in a transaction may hold the clock, for which all changes wait. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** How much later than the server this end gives up: then the server is gone, or what lies between. */
const SILENCE_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;
const UNUSED_MS = 60_000;

/**
 * Connections to one server, each of them checked before its first use: a server that became a standby is not asked. Getting one fails
 * with `database_server` for a server that is unfit, or with an error of the driver.
 */
export function openPool(url: string, { connections, statementMs, lockMs }: PoolLimits): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    idleTimeoutMillis: UNUSED_MS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: statementMs + SILENCE_MS,
    // What is sent while something else is under way goes at once, behind it.
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: postgresValues,
    application_name: 'outkit',
    onConnect: (client) => prepare(client, settings(statementMs, lockMs)),
  });
  // An unused connection that breaks is replaced by the next use. One in use tells whoever uses it, too.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Set after the connection is made, since what a URL or a role says would come before. Warnings are how a commit tells that no standby has it. To
 * compile a statement costs tens of milliseconds, and none here runs for so long.
 */
function settings(statementMs: number, lockMs: number): string {
  return `
    set synchronous_commit = on;
    set jit = off;
    set statement_timeout = ${statementMs};
    set lock_timeout = ${lockMs};
    set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
    set client_min_messages = warning;
    set client_encoding = 'UTF8';
    set session characteristics as transaction isolation level read committed, read write;`;
}

async function prepare(client: pg.ClientBase, settings: string): Promise<void> {
  await client.query(settings);
  const { rows } = await client.query<ServerFacts>(FACTS);
  const [facts] = rows;
  if (facts === undefined) throw new Error('the database says nothing of itself');
  // The driver keeps the process that greeted it, without saying so in its types.
  const { processID } = client as pg.ClientBase & { readonly processID: number | null };
  const refused = refusalOf(facts, processID);
  if (refused !== null) throw refused;
}
