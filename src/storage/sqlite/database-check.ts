import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { refusal } from './data-directory.ts';
import { type DataFiles, writeAheadLogOf } from './data-files.ts';

/**
 * Whether there is a database, after making sure that it is whole. `data_directory` when it is damaged; its files stay as they
 * are, for whoever repairs them.
 */
export function hasWholeDatabase({ database }: DataFiles): boolean {
  const log = writeAheadLogOf(database);
  const size = sizeOf(database);
  if (size === null) {
    if (sizeOf(log) === null) return false;
    throw damaged(database, `it is missing, but its log ${log} is there`);
  }
  // SQLite takes an empty file for a new database, and deletes the log beside it.
  if (size === 0) throw damaged(database, 'it is empty');
  const problem = problemOf(database);
  if (problem !== null) throw damaged(database, problem);
  return true;
}

function problemOf(database: string): string | null {
  // Read-only, because closing the last other connection would copy the log into a damaged file.
  const connection = new DatabaseSync(database, { readOnly: true });
  try {
    const [row] = connection.prepare('pragma quick_check(1)').all();
    const verdict = row?.['quick_check'];
    if (verdict !== 'ok') return String(verdict);
    const tables = connection.prepare("select name from sqlite_schema where name = 'migrations'").all();
    return tables.length === 0 ? 'it is not a database of Outkit' : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    connection.close();
  }
}

function damaged(database: string, problem: string): Error {
  const firstLine = problem.replace(/\s+/g, ' ').slice(0, 200);
  return refusal(
    `The database ${database} is damaged: ${firstLine}.`,
    'Nothing was changed. Copy the directory, then restore a backup of it.',
  );
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
