import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createFile } from './data-directory.ts';
import { type DataFiles, withCompanions } from './data-files.ts';

/** Waiting blocks the whole process: enough for a backup tool to finish a step, not enough to look hung. */
const BUSY_TIMEOUT_MS = 1_000;

/** Name, value to set, value to read back. SQLite ignores what it does not know, so what is not read back may not be so. */
const SETTINGS = [
  ['journal_mode', 'wal', 'wal'],
  ['synchronous', 'full', 2],
  // On macOS fsync alone leaves data in the drive's cache.
  ['fullfsync', 'on', 1],
  ['foreign_keys', 'on', 1],
  ['trusted_schema', 'off', 0],
  ['busy_timeout', BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS],
] as const;

/** A connection whose commits are on the disk when they return. Throws when the database refuses a setting. */
export function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    for (const [name, value, expected] of SETTINGS) {
      database.exec(`pragma ${name} = ${value}`);
      const [actual] = Object.values(database.prepare(`pragma ${name}`).get() ?? {});
      if (actual !== expected) throw new Error(`${name} is ${actual}, not ${expected}`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the database under another name and puts it in its place whole: a crash leaves either nothing or all of it. */
export async function createDatabase(
  { directory, database, newDatabase }: DataFiles,
  fill: (path: string) => Promise<void>,
): Promise<void> {
  for (const path of withCompanions(newDatabase)) rmSync(path, { force: true });
  createFile(newDatabase);
  await fill(newDatabase);
  renameSync(newDatabase, database);
  sync(directory);
}

/** Brings a file, or the names in a directory, to the disk. */
export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
