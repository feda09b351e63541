import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createFile, refusal } from './data-directory.ts';
import { type DataFiles, withCompanions, writeAheadLogOf } from './data-files.ts';
import { sync } from './database-file.ts';

/** Where the database that a restore replaces is kept; the time in it makes it a new name. */
export function asideName({ database }: DataFiles, at: number): string {
  return `${database}.before-restore-${new Date(at).toISOString().replace(/[:.]/g, '-')}`;
}

/** Puts the new database where there is none. */
export function placeFirst({ directory, database, newDatabase }: DataFiles): void {
  renameSync(newDatabase, database);
  sync(directory);
}

/** Puts the new database in the place of a whole one, which stays under `aside`. A crash leaves one of them in place, whole. */
export function replaceWhole(files: DataFiles, aside: string): void {
  const { directory, database, newDatabase } = files;
  takeInLog(database);
  linkSync(database, aside);
  try {
    renameSync(newDatabase, database);
  } catch (error) {
    // A second name of a database in use would be taken for a copy of it.
    rmSync(aside);
    throw error;
  }
  sync(directory);
}

/**
 * Puts the new database in the place of a damaged one or of a log without one, which stay under `aside`. A crash leaves in place what
 * a server refuses to start on, and never the new database beside a log of the old one, nor nothing: that would be a new beginning.
 */
export function replaceDamaged(files: DataFiles, aside: string): void {
  const { directory, database, newDatabase } = files;
  const [, ...companions] = withCompanions(database);
  if (existsSync(database)) linkSync(database, aside);
  const log = writeAheadLogOf(database);
  if (existsSync(log)) copyFileSync(log, writeAheadLogOf(aside));
  sync(directory);
  const empty = `${database}.empty`;
  rmSync(empty, { force: true });
  createFile(empty);
  renameSync(empty, database);
  sync(directory);
  for (const companion of companions) rmSync(companion, { force: true });
  sync(directory);
  renameSync(newDatabase, database);
  sync(directory);
}

/** Takes the log into the database and removes it: beside another database it would damage that one. */
function takeInLog(database: string): void {
  const connection = new DatabaseSync(database);
  try {
    // Fails while any other connection is open, such as that of a backup which is being made.
    const mode = connection.prepare('pragma journal_mode = delete').get()?.['journal_mode'];
    if (mode === 'delete') return;
    throw new Error(`the journal mode is ${mode}`);
  } catch (error) {
    throw refusal(
      `Another program is reading ${database}, so it cannot be replaced now.`,
      'Wait until its backup is done, then restore again.',
      error,
    );
  } finally {
    connection.close();
  }
}
