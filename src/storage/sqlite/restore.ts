import { realpathSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OutkitError } from '../../core/errors.ts';
import { greatestTime, persistTime, position, skipTo } from '../sql/change-log.ts';
import { queryBuilder } from '../sql/dialect.ts';
import { newestEventSeq, skipEventsTo } from '../sql/event-scripts.ts';
import { allKeys } from '../sql/key-reads.ts';
import { NEWEST_VERSION, schemaVersion } from '../sql/migrations.ts';
import { findPeople } from '../sql/people-reads.ts';
import { allProfiles, listTeams } from '../sql/profile-scripts.ts';
import { knownPeople, takeOverPeople } from '../sql/restore-people.ts';
import { type TakenOverKeys, takeOverKeys, takeOverProfiles } from '../sql/restore-scripts.ts';
import type { Executor } from '../sql/script.ts';
import { type BackupFacts, copyBackup, inspectBackup } from './backup-file.ts';
import { createFile, prepareDirectory, refusal, secureFiles } from './data-directory.ts';
import { type DataFiles, dataFiles, withCompanions } from './data-files.ts';
import { hasWholeDatabase } from './database-check.ts';
import { openMigrated, reasonOf } from './open-sqlite-store.ts';
import { asideName, placeFirst, replaceDamaged, replaceWhole } from './replace-database.ts';
import { accountPasswords, endSessions, takeOverPasswords } from './restore-accounts.ts';
import { lockDirectory } from './server-lock.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { SqliteExecutor } from './sqlite-executor.ts';

const KEYS_A_PAGE = 500;

/** More events than any server has had since its backup: of a database that nobody can read, the last number is not known. */
const EVENTS_OF_UNKNOWN = 10 ** 10;

const db = queryBuilder(sqliteDialect);

/** What is not as the backup has it. */
export interface TakenOver extends TakenOverKeys {
  /** Ids of persons who are no members any more, or have another role, because the replaced database says so. */
  readonly people: readonly string[];
}

export interface RestoreOptions {
  /** Absolute. */
  readonly file: string;
  /** Made when it does not exist. */
  readonly directory: string;
  /** Epoch milliseconds, by the clock of the machine. */
  readonly now: number;
  /** Gives up what a damaged database knows. Refused where the database is whole. */
  readonly discardCurrent: boolean;
}

/** What is in the data directory before the restore. */
type Current = 'none' | 'whole' | 'damaged';

/** A restore of which nothing shows yet. The data directory is locked until it is committed or abandoned. */
export interface PreparedRestore extends TakenOver {
  /** Number of sessions that the backup has; all are ended. */
  readonly sessions: number;
  readonly backup: BackupFacts;
  readonly current: Current;
  /** Puts the database in place. Resolves to where the one before is kept; `null` when there was none. */
  commit(): string | null;
  /** Leaves everything as it was. Safe to call after `commit`. */
  abandon(): void;
}

/**
 * Makes the database that a restore would put in place, and locks the directory. Nothing that the present database knows as ended
 * comes back in it (`core/restore.ts`), everybody is signed out, and time goes on from the later of both. `backup_file` when the file is no backup for this
 * version; `data_directory` when a server runs, or the present database is damaged and not to be discarded.
 */
export async function prepareRestore({
  file,
  directory,
  now,
  discardCurrent,
}: RestoreOptions): Promise<PreparedRestore> {
  const backup = inspectBackup(file);
  if (backup.version > NEWEST_VERSION) throw newerBackup(file, backup.version);
  const files = dataFiles(directory);
  try {
    prepareDirectory(files);
    secureFiles(files);
    requireOther(file, files);
    const lock = lockDirectory(files);
    const abandon = () => {
      removeNewDatabase(files);
      lock.release();
    };
    try {
      const current = stateOf(files, discardCurrent);
      const taken = await build(file, files, current, now);
      const commit = () => guarded(files, () => place(files, current, now));
      return { backup, current, ...taken, commit, abandon: once(abandon) };
    } catch (error) {
      abandon();
      throw error;
    }
  } catch (error) {
    throw explained(files, error);
  }
}

/** Puts the database that was made in place, and says where the one before is. */
function place(files: DataFiles, current: Current, now: number): string | null {
  if (current === 'none') {
    placeFirst(files);
    return null;
  }
  const aside = asideName(files, now);
  if (current === 'whole') replaceWhole(files, aside);
  else replaceDamaged(files, aside);
  return aside;
}

function guarded<Result>(files: DataFiles, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw explained(files, error);
  }
}

function explained({ directory }: DataFiles, error: unknown): OutkitError {
  if (error instanceof OutkitError && error.code === 'data_directory') return error;
  return refusal(
    `${directory} cannot be restored to: ${reasonOf(error)}.`,
    'Check its permissions and the space on its disk.',
    error,
  );
}

function stateOf(files: DataFiles, discardCurrent: boolean): Current {
  let isThere: boolean;
  try {
    isThere = hasWholeDatabase(files);
  } catch (error) {
    if (!(error instanceof OutkitError)) throw error;
    if (discardCurrent) return 'damaged';
    throw refusal(
      `${error.message} So nothing can be learnt from it: what was revoked since the backup would be accepted again.`,
      'Add --discard-current to restore without it; it is kept aside.',
      error,
    );
  }
  if (!discardCurrent) return isThere ? 'whole' : 'none';
  throw refusal(
    isThere
      ? 'The database is not damaged, so it is not discarded: what was revoked since the backup has to stay so.'
      : 'There is no database to discard.',
    'Leave out --discard-current.',
  );
}

/** Makes the database that is to be under the name of one in the making. */
async function build(
  file: string,
  files: DataFiles,
  current: Current,
  now: number,
): Promise<TakenOver & Pick<PreparedRestore, 'sessions'>> {
  removeNewDatabase(files);
  createFile(files.newDatabase);
  copyBackup(file, files.newDatabase);
  const restored = await openMigrated(files.newDatabase);
  try {
    const taken = current === 'whole' ? await takeOver(restored, files, now) : { kept: [], revoked: [], people: [] };
    if (current !== 'whole') {
      await restored.write(skipEventsTo(db, (await restored.read(newestEventSeq(db))) + EVENTS_OF_UNKNOWN));
    }
    const sessions = await restored.write(endSessions(db, Math.max(now, await restored.read(greatestTime(db)))));
    return { ...taken, sessions };
  } finally {
    await restored.close();
  }
}

async function takeOver(restored: Executor, { database }: DataFiles, now: number): Promise<TakenOver> {
  const present = new SqliteExecutor(new DatabaseSync(database, { readOnly: true }));
  try {
    requireVersion(await present.read(schemaVersion(db)));
    const times = await Promise.all([present, restored].map((executor) => executor.read(greatestTime(db))));
    const at = Math.max(now, ...times);
    await restored.write(skipTo(db, await present.read(position(db))));
    await restored.write(skipEventsTo(db, await present.read(newestEventSeq(db))));
    await restored.write(persistTime(db, at));
    const teams = await present.read(listTeams(db));
    await restored.write(takeOverProfiles(db, teams, await present.read(allProfiles(db)), at));
    const people = await takeOverTeams(restored, present, at);
    await restored.write(takeOverPasswords(db, await present.read(accountPasswords(db)), at));
    return { people, ...(await takeOverAllKeys(restored, present, at)) };
  } finally {
    await present.close();
  }
}

async function takeOverTeams(restored: Executor, present: Executor, at: number): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { id } of await restored.read(listTeams(db))) {
    const backup = await restored.read(findPeople(db, id));
    const known = await present.read(knownPeople(db, id));
    if (backup !== null && known !== null) {
      changed.push(...(await restored.write(takeOverPeople(db, backup, known, at))));
    }
  }
  return changed;
}

async function takeOverAllKeys(restored: Executor, present: Executor, at: number): Promise<TakenOverKeys> {
  const taken = { kept: [] as string[], revoked: [] as string[] };
  let after = '';
  for (;;) {
    const keys = await present.read(allKeys(db, after, KEYS_A_PAGE));
    const last = keys.at(-1);
    if (last === undefined) return taken;
    const { kept, revoked } = await restored.write(takeOverKeys(db, keys, at));
    taken.kept.push(...kept);
    taken.revoked.push(...revoked);
    after = last.id;
  }
}

function requireVersion(version: number): void {
  if (version === NEWEST_VERSION) return;
  throw refusal(
    `The database there is at version ${version}, and this Outkit reads version ${NEWEST_VERSION}.`,
    version > NEWEST_VERSION ? 'Restore with the newer Outkit.' : 'Start and stop outkit dev once, which upgrades it.',
  );
}

function requireOther(file: string, { directory, database, newDatabase }: DataFiles): void {
  const inDirectory = [database, newDatabase].map((path) => path.replace(directory, realpathSync(directory)));
  if (!inDirectory.includes(realpathSync(file))) return;
  throw refusal(`${file} is the database itself, not a backup of it.`, 'Name a file that outkit backup has made.');
}

function newerBackup(file: string, version: number): OutkitError {
  return new OutkitError(
    'backup_file',
    `A newer Outkit has made ${file}: it is at version ${version}, and this one knows versions up to ${NEWEST_VERSION}.`,
    'Restore with the newer Outkit.',
  );
}

function removeNewDatabase({ newDatabase }: DataFiles): void {
  for (const path of withCompanions(newDatabase)) rmSync(path, { force: true });
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
