import { type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult, SelectQueryNode } from 'kysely';
import type { AccountsDatabase } from '../accounts-database.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import type { HeldConnection, SqliteExecutor } from './sqlite-executor.ts';

/**
 * Kysely over the connection of the store. Its connections are holds of the executor: whoever has one, for a statement or from BEGIN to
 * COMMIT, has the database alone. Errors are what the executor makes of them.
 */
export function accountsDatabase(executor: SqliteExecutor): AccountsDatabase {
  return { dialect: { ...sqliteDialect.kysely, createDriver: () => new HoldingDriver(executor) }, type: 'sqlite' };
}

class HoldingDriver implements Driver {
  readonly #executor: SqliteExecutor;

  constructor(executor: SqliteExecutor) {
    this.#executor = executor;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return new Connection(await this.#executor.hold());
  }

  async beginTransaction({ held }: Connection): Promise<void> {
    held.begin();
  }

  async commitTransaction({ held }: Connection): Promise<void> {
    held.commit();
  }

  async rollbackTransaction({ held }: Connection): Promise<void> {
    held.rollBack();
  }

  async releaseConnection({ held }: Connection): Promise<void> {
    held.release();
  }

  /** The connection is the store's, which closes it. */
  async destroy(): Promise<void> {}
}

class Connection implements DatabaseConnection {
  readonly held: HeldConnection;

  constructor(held: HeldConnection) {
    this.held = held;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = this.held.run(query, SelectQueryNode.is(query.query));
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: it only says that there is none.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('The embedded database gives its rows at once.');
  }
}
