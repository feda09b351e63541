import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createFile, refusal } from './data-directory.ts';
import type { DataFiles } from './data-files.ts';
import { SQLITE, sqliteCode } from './sqlite-error.ts';

/** The right to be the one server of a data directory. The system takes it back when the process ends, however it ends. */
export interface ServerLock {
  release(): void;
}

/**
 * Takes the lock. `data_directory`, with the process id of the holder, when another server has it. It is an exclusive transaction
 * on an SQLite file of its own, because Node has no advisory locks and a process id alone may have been given to another process.
 */
export function lockDirectory(files: DataFiles): ServerLock {
  createFile(files.lock);
  const holder = new DatabaseSync(files.lock);
  try {
    holder.exec('begin exclusive');
    writeFileSync(files.processId, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    holder.close();
    throw sqliteCode(error) === SQLITE.busy ? alreadyServed(files) : error;
  }
  return {
    release() {
      rmSync(files.processId, { force: true });
      holder.close();
    },
  };
}

function alreadyServed({ directory, processId }: DataFiles): Error {
  const holder = holderIn(processId);
  const who = holder === null ? 'Another server' : `Another server (process ${holder})`;
  const stop = holder === null ? 'Stop it' : `Stop it (kill ${holder})`;
  return refusal(`${who} is using ${directory}.`, `${stop}, or name another directory for this one.`);
}

function holderIn(processId: string): string | null {
  try {
    // The holder may not have written it yet.
    return /^[0-9]+/.exec(readFileSync(processId, 'utf8'))?.[0] ?? null;
  } catch {
    return null;
  }
}
