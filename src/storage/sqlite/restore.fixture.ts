import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../store.ts';
import { backUp } from './back-up.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { type PreparedRestore, prepareRestore } from './restore.ts';

/** When every restore of these tests happens. */
export const NOW = 50_000;

/** Of the test that runs: a directory for all it makes, the data directory in it, and the backup. */
export let parent: string;
export let directory: string;
export let file: string;

/** Makes them anew for each test of the file. */
export function useDirectories(): void {
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'outkit-restore-'));
    directory = join(parent, 'data');
    file = join(parent, 'backup.db');
  });
  afterEach(() => rmSync(parent, { recursive: true }));
}

export async function inStore<Result>(work: (store: Store) => Promise<Result>, where = directory): Promise<Result> {
  const store = await openSqliteStore({ directory: where });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export async function takeBackup(): Promise<void> {
  await backUp({ directory, file, onCopying: () => {} });
}

interface Restoring {
  readonly file?: string;
  readonly directory?: string;
  readonly discardCurrent?: boolean;
}

export function restore(more: Restoring = {}): Promise<PreparedRestore> {
  return prepareRestore({ file, directory, now: NOW, discardCurrent: false, ...more });
}

/** A restore that went through, and where the database before it is kept. */
export async function restored(more: Restoring = {}) {
  const prepared = await restore(more);
  const aside = prepared.commit();
  prepared.abandon();
  return { ...prepared, aside };
}
