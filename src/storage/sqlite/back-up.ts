import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { OutkitError } from '../../core/errors.ts';
import { type BackupFacts, inspectBackup } from './backup-file.ts';
import { createFile, refusal } from './data-directory.ts';
import { dataFiles, withCompanions } from './data-files.ts';
import { hasWholeDatabase } from './database-check.ts';
import { sync } from './database-file.ts';
import { reasonOf } from './open-sqlite-store.ts';

/** A server that starts or stops holds the database for moments only. */
const BUSY_TIMEOUT_MS = 5_000;

export interface BackupOptions {
  readonly directory: string;
  /** Absolute. There must be nothing of that name. */
  readonly file: string;
  /** Called with the bytes of the database before they are copied. */
  readonly onCopying: (bytes: number) => void;
}

export interface Backup extends BackupFacts {
  readonly bytes: number;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Copies the database of a data directory into one file, as of one moment, while its server goes on or without one. The file gets its
 * name when it is whole, checked and on the disk. `data_directory` when there is no whole database, `backup_file` when the file cannot
 * be written or exists.
 *
 * It reads as one more connection: with a write-ahead log, readers and the writer do not wait for each other. The lock file of the
 * server is not touched.
 */
export async function backUp({ directory, file, onCopying }: BackupOptions): Promise<Backup> {
  const files = dataFiles(directory);
  if (!hasWholeDatabase(files)) {
    throw refusal(`There is no database in ${files.directory}.`, 'Name another directory with --data-dir.');
  }
  // The names there have meanings: a file beside the database can be taken for its log.
  if (dirname(file) === files.directory) throw inDataDirectory(file);
  requireFree(file);
  const partial = `${file}.partial`;
  try {
    removeWithCompanions(partial);
    createFile(partial);
    onCopying(statSync(files.database).size);
    copyDatabase(files.database, partial);
    sync(partial);
    const facts = inspectBackup(partial);
    const sha256 = await digestOf(partial);
    requireFree(file);
    renameSync(partial, file);
    sync(dirname(file));
    return { ...facts, sha256, bytes: statSync(file).size };
  } catch (error) {
    if (error instanceof OutkitError) throw error;
    throw new OutkitError(
      'backup_file',
      `The backup ${file} cannot be written: ${reasonOf(error)}.`,
      'Name a file in a directory that you can write to, on a disk with space.',
      { cause: error },
    );
  } finally {
    removeWithCompanions(partial);
  }
}

/** One statement, so one read transaction: what is committed meanwhile is not in the copy, and waits for nothing. */
function copyDatabase(database: string, target: string): void {
  const connection = new DatabaseSync(database, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    connection.prepare('vacuum into ?').run(target);
  } finally {
    connection.close();
  }
}

function requireFree(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  throw new OutkitError(
    'backup_file',
    `${file} is there already, and a backup replaces nothing.`,
    'Name another file, or move that one away.',
  );
}

function inDataDirectory(file: string): OutkitError {
  const message = `${file} is in the data directory, and would be lost with what it is a backup of.`;
  return new OutkitError('backup_file', message, 'Name a file elsewhere, best on another disk.');
}

/** What a backup that was killed left behind, too. */
function removeWithCompanions(path: string): void {
  for (const name of withCompanions(path)) rmSync(name, { force: true });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
