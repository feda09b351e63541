import { type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult, SelectQueryNode } from 'kysely';
import type pg from 'pg';
import type { AccountsDatabase } from '../accounts-database.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { PostgresSession, WRITE } from './postgres-session.ts';

/** Of the advisory lock that keeps transactions of accounts apart: `outacc` in ASCII. */
const ACCOUNTS_LOCK = 0x6f_75_74_61_63_63;

/**
 * Kysely over the pool of the store: a connection of it for each statement, or from BEGIN to COMMIT.
 * Its transactions run one after the other, in all servers, as what uses them expects: tables are made by one of two that start at once.
 * Errors are judged as those of the store.
 */
export function accountsDatabase(pool: pg.Pool): AccountsDatabase {
  return { dialect: { ...postgresDialect.kysely, createDriver: () => new SessionDriver(pool) }, type: 'postgres' };
}

class SessionDriver implements Driver {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return new Connection(await PostgresSession.take(this.#pool));
  }

  async beginTransaction(connection: Connection): Promise<void> {
    const { session } = connection;
    connection.isInTransaction = true;
    session.begin(WRITE);
    await session.run({ sql: `select pg_advisory_xact_lock(${ACCOUNTS_LOCK})`, parameters: [] });
  }

  commitTransaction({ session }: Connection): Promise<void> {
    return session.commit();
  }

  rollbackTransaction({ session }: Connection): Promise<void> {
    return session.rollBack();
  }

  async releaseConnection({ session }: Connection): Promise<void> {
    session.release();
  }

  /** The pool is the store's, which closes it. */
  async destroy(): Promise<void> {}
}

class Connection implements DatabaseConnection {
  readonly session: PostgresSession;
  isInTransaction = false;

  constructor(session: PostgresSession) {
    this.session = session;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const work = () => this.session.run(query);
    // Without a transaction a statement commits as it ends, and its failure would leave open whether it did.
    const isAlone = !this.isInTransaction && !SelectQueryNode.is(query.query);
    const { rows, count } = await (isAlone ? this.session.durably(work) : work());
    return { rows: rows as Row[], numAffectedRows: BigInt(count) };
  }

  // biome-ignore lint/correctness/useYield: it only says that there is none.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Accounts read their rows at once.');
  }
}
