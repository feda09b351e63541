import { CompiledQuery } from 'kysely';
import { OutkitError } from '../../core/errors.ts';
import type { WithAccountsDatabase } from '../accounts-database.ts';
import { proveWritable } from '../sql/change-log.ts';
import { queryBuilder } from '../sql/dialect.ts';
import { migrate } from '../sql/migrations.ts';
import type { Script } from '../sql/script.ts';
import { SqlKeyStore } from '../sql/sql-key-store.ts';
import type { Store } from '../store.ts';
import { accountsDatabase } from './accounts-dialect.ts';
import { checkDatabaseUrl } from './database-url.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { sqlState } from './postgres-error.ts';
import { PostgresExecutor } from './postgres-executor.ts';
import { MIGRATING, openPool, SERVING } from './postgres-pool.ts';
import { refusal } from './server-check.ts';

/** Of the advisory lock under which a database is migrated: `outkit` in ASCII. */
const MIGRATION_LOCK = 0x6f_75_74_6b_69_74;

/**
 * The store in a database of a PostgreSQL server, which several servers may share. Brings it to the schema of this version first; of
 * servers that start at once one does, and the others wait. `database_server`, with why and what to do, when the server cannot be
 * reached or must not keep keys; `invalid_config` for a URL that cannot be used.
 */
export async function openPostgresStore(url: string): Promise<Store & WithAccountsDatabase> {
  checkDatabaseUrl(url);
  const migrating = new PostgresExecutor(openPool(url, MIGRATING));
  try {
    await migrating.write(migrateAlone());
  } catch (error) {
    throw startRefusal(error);
  } finally {
    await migrating.close();
  }
  const pool = openPool(url, SERVING);
  const store = new SqlKeyStore(new PostgresExecutor(pool), postgresDialect);
  return Object.assign(store, { accountsDatabase: accountsDatabase(pool) });
}

function* migrateAlone(): Script<void> {
  yield CompiledQuery.raw(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  yield* migrate(postgresDialect);
  yield* proveWritable(queryBuilder(postgresDialect));
}

function startRefusal(error: unknown): unknown {
  if (!(error instanceof OutkitError) || error.code !== 'unavailable') return error;
  const { cause } = error;
  if (cause instanceof OutkitError) return cause;
  return refusal(`The PostgreSQL server cannot be used: ${reasonOf(cause)}.`, 'Check the database URL.', cause);
}

/** Never what the server or the driver says: it may quote the URL, or data. */
function reasonOf(error: unknown): string {
  const state = sqlState(error);
  if (state === null) return 'it does not answer at the address, or the connection broke';
  if (state.startsWith('28')) return 'it does not let this user in';
  if (state === '3D000') return 'it has no such database';
  if (state === '42501') return 'this user may not make tables in the database';
  return `it refused with SQLSTATE ${state}`;
}
