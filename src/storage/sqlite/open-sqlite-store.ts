import { OutkitError } from '../../core/errors.ts';
import type { WithAccountsDatabase } from '../accounts-database.ts';
import { proveWritable } from '../sql/change-log.ts';
import { queryBuilder } from '../sql/dialect.ts';
import { migrate } from '../sql/migrations.ts';
import { SqlKeyStore } from '../sql/sql-key-store.ts';
import type { Store } from '../store.ts';
import { accountsDatabase } from './accounts-dialect.ts';
import { prepareDirectory, refusal, secureFiles } from './data-directory.ts';
import { type DataFiles, dataFiles } from './data-files.ts';
import { hasWholeDatabase } from './database-check.ts';
import { connect, createDatabase } from './database-file.ts';
import { lockDirectory } from './server-lock.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { type ExecutorEvents, SqliteExecutor } from './sqlite-executor.ts';

export interface SqliteStoreOptions {
  /** Made when it does not exist, with its parents. Belongs to one server at a time, until the store is closed. */
  readonly directory: string;
  /** Called once when the disk failed: the last change may be there or not, and none are taken until the store is opened again. */
  readonly onFailed?: (error: OutkitError) => void;
}

/**
 * The store in a directory of this machine. `data_directory`, with the file and what to do, when the directory cannot be used:
 * another server has it, other people could read it, the database is damaged or from a newer Outkit. Nothing is repaired.
 */
export async function openSqliteStore({
  directory,
  onFailed,
}: SqliteStoreOptions): Promise<Store & WithAccountsDatabase> {
  const files = dataFiles(directory);
  try {
    return await openLocked(files, { ...(onFailed && { onFailed }) });
  } catch (error) {
    if (error instanceof OutkitError && error.code === 'data_directory') throw error;
    throw refusal(
      `The data directory ${files.directory} cannot be used: ${reasonOf(error)}.`,
      'Check its permissions and the space on its disk, or name another directory.',
      error,
    );
  }
}

async function openLocked(
  files: DataFiles,
  events: Pick<ExecutorEvents, 'onFailed'>,
): Promise<Store & WithAccountsDatabase> {
  prepareDirectory(files);
  secureFiles(files);
  const lock = lockDirectory(files);
  try {
    if (!hasWholeDatabase(files)) await createDatabase(files, async (path) => (await openMigrated(path)).close());
    const executor = await openMigrated(files.database, { ...events, onClosed: () => lock.release() });
    return Object.assign(new SqlKeyStore(executor, sqliteDialect), { accountsDatabase: accountsDatabase(executor) });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A database that this version can work with. Migrates it, on the disk. */
export async function openMigrated(path: string, events: ExecutorEvents = {}): Promise<SqliteExecutor> {
  const connection = connect(path);
  const executor = new SqliteExecutor(connection, events);
  try {
    await executor.write(migrate(sqliteDialect));
    await executor.write(proveWritable(queryBuilder(sqliteDialect)));
    return executor;
  } catch (error) {
    connection.close();
    throw error;
  }
}

export function reasonOf(error: unknown): string {
  const cause = error instanceof OutkitError && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
