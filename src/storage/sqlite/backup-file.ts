import { existsSync, lstatSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { OutkitError } from '../../core/errors.ts';
import { writeAheadLogOf } from './data-files.ts';

/** What a database holds, told without its contents. */
export interface BackupFacts {
  /** Of the schema. */
  readonly version: number;
  readonly keys: number;
  /** Number of the last change in it. */
  readonly position: number;
  /** The last moment that it knows of, as epoch milliseconds. */
  readonly time: number;
}

/** Reads a whole backup and says what is in it. `backup_file` when it is missing, damaged, or a database that is in use. */
export function inspectBackup(path: string): BackupFacts {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw unusable(path, 'there is no such file');
  if (!statSync(path).isFile()) throw unusable(path, 'it is no file');
  if (statSync(path).size === 0) throw unusable(path, 'it is empty');
  if (existsSync(writeAheadLogOf(path)) && statSync(writeAheadLogOf(path)).size > 0) {
    throw unusable(path, 'it is a database with a log beside it, not a backup');
  }
  let facts: BackupFacts | string;
  try {
    facts = withBackup(path, factsOf);
  } catch (error) {
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
  if (typeof facts === 'string') throw unusable(path, facts);
  return facts;
}

/** Copies a backup that has been inspected, page by page, into an empty file. */
export function copyBackup(path: string, target: string): void {
  withBackup(path, (database) => database.prepare('vacuum into ?').run(target));
}

/** Nobody writes to a backup: read as immutable it needs no lock, and no file appears beside it. */
function withBackup<Result>(path: string, work: (database: DatabaseSync) => Result): Result {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** What is in it, or what is wrong with it. */
function factsOf(database: DatabaseSync): BackupFacts | string {
  const verdict = database.prepare('pragma quick_check(1)').get()?.['quick_check'];
  if (verdict !== 'ok') return `it is damaged: ${String(verdict).replace(/\s+/g, ' ').slice(0, 200)}`;
  const tables = database.prepare("select 1 from sqlite_schema where name in ('migrations', 'change_clock')").all();
  if (tables.length !== 2) return 'it is not a database of Outkit';
  const row = database
    .prepare(`select (select max(version) from migrations) as version, (select count(*) from keys) as keys,
      (select seq from change_clock) as position, (select at from change_clock) as time`)
    .get();
  const numberOf = (name: keyof BackupFacts) => Number(row?.[name] ?? 0);
  return {
    version: numberOf('version'),
    keys: numberOf('keys'),
    position: numberOf('position'),
    time: numberOf('time'),
  };
}

function unusable(path: string, problem: string): OutkitError {
  return new OutkitError(
    'backup_file',
    `${path} cannot be used as a backup: ${problem.replace(/\.$/, '')}.`,
    'Name a file that outkit backup has made.',
  );
}
