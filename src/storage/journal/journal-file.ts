import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { OutkitError } from '../../core/errors.ts';
import type { JournalPosition } from '../../core/usage.ts';
import type { JournalRecord, StartRecord, UsageJournal } from '../../core/usage-journal.ts';
import { syncNames, UNFINISHED } from './journal-names.ts';
import { encodeHeader, encodeRecords, type JournalHeader } from './record-format.ts';

/** When what was answered is safe from a loss of power: within a second, or before it is answered. */
export type UsageSync = 'second' | 'always';

/** From here on it is made anew as soon as all in it is stored. */
const LONG_BYTES = 8 * 1024 * 1024;
/** No more than this waits for a database that takes nothing. */
const MAX_BYTES = 4 * LONG_BYTES;
const SYNC_INTERVAL_MS = 1_000;
const FILE_MODE = 0o600;

const syncData = promisify(fdatasync);

export interface JournalFileOptions {
  readonly directory: string;
  readonly path: string;
  readonly epoch: string;
  readonly sync: UsageSync;
}

/** The journal of one process: a file that only grows, until it is replaced by a short one at the same position. */
export class JournalFile implements UsageJournal {
  readonly #options: JournalFileOptions;
  #file: number;
  /** Position at which the file begins. */
  #base: number;
  #length: number;
  /** Bytes of a record that was not written whole stand behind `#length`. */
  #isTorn = false;
  #isOpen = true;
  /** After a failed sync nobody knows what the disk has, and a second one may succeed without having written it. */
  #syncFailure: unknown = null;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> | null = null;
  #nextSync: Promise<void> | null = null;

  /** Makes the file; there must be none. Throws what the file system says. */
  constructor(options: JournalFileOptions) {
    this.#options = options;
    const made = makeFile(options.path, { epoch: options.epoch, base: 0 }, []);
    syncNames(options.directory);
    this.#file = made.file;
    this.#base = 0;
    this.#length = made.length;
  }

  append(records: readonly JournalRecord[]): void {
    const bytes = encodeRecords(records);
    if (!this.#isOpen) throw unavailable('The usage journal is closed.');
    try {
      this.#removeTornRecord();
      writeWhole(this.#file, bytes);
    } catch (error) {
      this.#isTorn = true;
      throw unavailable('The usage journal cannot be written.', error);
    }
    this.#length += bytes.length;
    this.#syncLater();
  }

  requireSound(): void {
    if (this.#syncFailure !== null) throw unavailable('The usage journal cannot be synced.', this.#syncFailure);
    if (this.#length >= MAX_BYTES) throw unavailable('The usage journal is full, since usage cannot be stored.');
  }

  durable(): Promise<void> | null {
    if (this.#options.sync !== 'always') return null;
    // All that is appended until the present sync is over goes into the next one.
    this.#nextSync ??= this.#syncAfter(this.#syncing);
    return this.#nextSync;
  }

  position(): JournalPosition {
    return { epoch: this.#options.epoch, position: this.#base + this.#length };
  }

  get needsRenewal(): boolean {
    return this.#length >= LONG_BYTES || this.#syncFailure !== null;
  }

  renew(open: readonly StartRecord[]): void {
    const { directory, path, epoch } = this.#options;
    const base = this.#base + this.#length;
    const made = makeFile(`${path}${UNFINISHED}`, { epoch, base }, open);
    try {
      renameSync(`${path}${UNFINISHED}`, path);
    } catch (error) {
      closeSync(made.file);
      throw error;
    }
    this.#closeAfterSync(this.#file);
    this.#file = made.file;
    this.#base = base;
    this.#length = made.length;
    this.#isTorn = false;
    this.#syncFailure = null;
    try {
      syncNames(directory);
    } catch (error) {
      this.#syncFailure = error;
      throw error;
    }
  }

  async close(isDone: boolean): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#syncTimer);
    await this.#nextSync?.catch(() => undefined);
    await this.#syncing?.catch(() => undefined);
    closeSync(this.#file);
    if (isDone) rmSync(this.#options.path, { force: true });
  }

  /** Not under a sync of it that runs. */
  #closeAfterSync(file: number): void {
    if (this.#syncing === null) closeSync(file);
    else void this.#syncing.catch(() => undefined).then(() => closeSync(file));
  }

  #removeTornRecord(): void {
    if (!this.#isTorn) return;
    ftruncateSync(this.#file, this.#length);
    this.#isTorn = false;
  }

  #syncLater(): void {
    if (this.#options.sync === 'always' || this.#syncTimer !== undefined) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      void this.#sync().catch(() => undefined);
    }, SYNC_INTERVAL_MS);
    this.#syncTimer.unref();
  }

  async #syncAfter(present: Promise<void> | null): Promise<void> {
    await present?.catch(() => undefined);
    this.#nextSync = null;
    await this.#sync();
  }

  async #sync(): Promise<void> {
    const file = this.#file;
    const syncing = syncData(file);
    this.#syncing = syncing;
    try {
      await syncing;
    } catch (error) {
      // What was renewed meanwhile is whole in another file.
      if (file !== this.#file) return;
      this.#syncFailure = error;
      throw unavailable('The usage journal cannot be synced.', error);
    } finally {
      if (this.#syncing === syncing) this.#syncing = null;
    }
  }
}

/** A file with these starts, on the disk but for its name. */
function makeFile(
  path: string,
  header: JournalHeader,
  starts: readonly StartRecord[],
): { readonly file: number; readonly length: number } {
  const bytes = Buffer.concat([encodeHeader(header), encodeRecords(starts)]);
  rmSync(path, { force: true });
  const file = openSync(path, 'ax', FILE_MODE);
  try {
    writeWhole(file, bytes);
    fsyncSync(file);
    return { file, length: bytes.length };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  const written = writeSync(file, bytes);
  if (written < bytes.length) throw new Error('the disk took a part of a record only');
}

function unavailable(message: string, cause?: unknown): OutkitError {
  return new OutkitError('unavailable', message, 'Check the disk.', { cause });
}
