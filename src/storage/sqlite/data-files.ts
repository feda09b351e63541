import { join, resolve } from 'node:path';

/** What lies in a data directory. Paths are absolute. */
export interface DataFiles {
  readonly directory: string;
  readonly database: string;
  /** A database in the making. It gets its name when it is whole, so a database without content is always a damaged one. */
  readonly newDatabase: string;
  readonly lock: string;
  /** Apart from the lock file: closing any descriptor of that one would drop the lock (sqlite.org/howtocorrupt.html, 2.2). */
  readonly processId: string;
}

export function dataFiles(directory: string): DataFiles {
  const absolute = resolve(directory);
  return {
    directory: absolute,
    database: join(absolute, 'outkit.db'),
    newDatabase: join(absolute, 'outkit.db.new'),
    lock: join(absolute, 'outkit.lock'),
    processId: join(absolute, 'outkit.pid'),
  };
}

export function writeAheadLogOf(database: string): string {
  return `${database}-wal`;
}

/** All files that SQLite may keep for a database, itself first. */
export function withCompanions(database: string): readonly string[] {
  return [database, writeAheadLogOf(database), `${database}-shm`, `${database}-journal`];
}
