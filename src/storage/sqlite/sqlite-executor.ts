import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { OutkitError } from '../../core/errors.ts';
import type { Executor, Script, Statement } from '../sql/script.ts';
import { SQLITE, sqliteCode } from './sqlite-error.ts';

const MAX_PREPARED_STATEMENTS = 200;

/** After these nobody knows what the disk holds. */
const DISK_FAILURES: readonly number[] = [SQLITE.ioError, SQLITE.corrupt, SQLITE.notADatabase];

/** After these the transaction is undone, and a later one may succeed. */
const PASSING_FAILURES: readonly number[] = [
  SQLITE.busy,
  SQLITE.noMemory,
  SQLITE.readOnly,
  SQLITE.full,
  SQLITE.cannotOpen,
];

export interface ExecutorEvents {
  /** Once, after the connection was closed. */
  readonly onClosed?: () => void;
  /** Once, when nobody knows any more what the disk holds: from then on writes are refused. */
  readonly onFailed?: (error: OutkitError) => void;
}

/** What a statement gave back. */
export interface Answer {
  readonly rows: readonly unknown[];
  /** Rows that it inserted, updated or deleted; 0 where it gives rows back. */
  readonly changes: number;
}

/** The connection for one user alone, whose transactions span awaits: until it is released, everybody else waits. */
export interface HeldConnection {
  /** Outside a transaction, what does not only read is a durable transaction of its own. `unavailable` when storage fails. */
  run(statement: Statement, isReading: boolean): Answer;
  begin(): void;
  commit(): void;
  rollBack(): void;
  /** Rolls back what was not committed. */
  release(): void;
}

/**
 * Runs each script in one go on one connection. Nothing else can run between its statements, so an open transaction never holds a
 * statement of somebody else, and reads are of one state without a transaction. Who cannot work in one go holds the connection.
 */
export class SqliteExecutor implements Executor {
  readonly #database: DatabaseSync;
  readonly #events: ExecutorEvents;
  readonly #prepared = new Map<string, StatementSync>();
  #latest: { readonly sql: string; readonly statement: StatementSync } | null = null;
  #isWritable = true;
  #isOpen = true;
  /** Settled when the present holder releases the connection. */
  #held: Promise<void> | null = null;

  /** Owns the connection from here on. */
  constructor(database: DatabaseSync, events: ExecutorEvents = {}) {
    this.#database = database;
    this.#events = events;
  }

  async read<Result>(script: Script<Result>): Promise<Result> {
    while (this.#held !== null) await this.#held;
    return this.#reading(() => this.#run(script));
  }

  lookUp<Result>(script: Script<Result>): Promise<Result> {
    return this.read(script);
  }

  async write<Result>(script: Script<Result>): Promise<Result> {
    while (this.#held !== null) await this.#held;
    return this.#writing(() => this.#run(script));
  }

  /** Waits for its turn. The holder MUST release, and MUST NOT wait for a read or write of this executor before it does. */
  async hold(): Promise<HeldConnection> {
    while (this.#held !== null) await this.#held;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return this.#heldUntil(() => {
      this.#held = null;
      resolve();
    });
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    while (this.#held !== null) await this.#held;
    this.#prepared.clear();
    this.#latest = null;
    this.#database.close();
    this.#events.onClosed?.();
  }

  #heldUntil(letGo: () => void): HeldConnection {
    let isInTransaction = false;
    // SQLite undoes a transaction by itself when the disk is full, say. What comes next would then be written for good, alone.
    const requireTransaction = () => {
      if (!this.#database.isTransaction) throw nothingChanged();
    };
    return {
      run: (statement, isReading) => {
        if (isInTransaction) requireTransaction();
        const work = () => this.#answer(statement);
        return isInTransaction || isReading ? this.#reading(work) : this.#writing(work);
      },
      begin: () => {
        this.#begin();
        isInTransaction = true;
      },
      commit: () => {
        requireTransaction();
        this.#commit();
        isInTransaction = false;
      },
      rollBack: () => {
        this.#rollBack();
        isInTransaction = false;
      },
      release: () => {
        if (this.#database.isOpen) this.#rollBack();
        letGo();
      },
    };
  }

  #reading<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#judged(error);
    }
  }

  #writing<Result>(work: () => Result): Result {
    this.#begin();
    let result: Result;
    try {
      result = work();
    } catch (error) {
      this.#rollBack();
      throw this.#judged(error);
    }
    this.#commit();
    return result;
  }

  #run<Result>(script: Script<Result>): Result {
    let step = script.next();
    while (step.done !== true) step = script.next(this.#rows(step.value));
    return step.value;
  }

  #rows({ sql, parameters }: Statement): unknown[] {
    return this.#prepare(sql).all(...(parameters as readonly SQLInputValue[]));
  }

  #answer({ sql, parameters }: Statement): Answer {
    const statement = this.#prepare(sql);
    const values = parameters as readonly SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  }

  #prepare(sql: string): StatementSync {
    // Of many rows, all but the first come here.
    if (sql === this.#latest?.sql) return this.#latest.statement;
    const known = this.#prepared.get(sql);
    const statement = known ?? this.#database.prepare(sql);
    // Taken out and put in again, a statement in use stands last, and the first is the one unused for longest.
    this.#prepared.delete(sql);
    this.#prepared.set(sql, statement);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > MAX_PREPARED_STATEMENTS && oldest !== undefined) this.#prepared.delete(oldest);
    this.#latest = { sql, statement };
    return statement;
  }

  #begin(): void {
    if (!this.#isWritable) throw writesStopped();
    try {
      this.#database.exec('begin immediate');
    } catch (error) {
      throw this.#judged(error);
    }
  }

  #commit(): void {
    try {
      this.#database.exec('commit');
    } catch (error) {
      this.#rollBack();
      // A full disk took no commit frame, so the transaction is not in the log. After any other failure it may be or not, and a second
      // attempt may report success without the disk having it (an fsync that failed forgets its pages): only the next start tells.
      if (sqliteCode(error) === SQLITE.full) throw this.#judged(error);
      throw this.#failed(error);
    }
  }

  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('rollback');
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Takes no more writes. */
  #failed(cause: unknown): OutkitError {
    const error = writesStopped(cause);
    if (this.#isWritable) this.#events.onFailed?.(error);
    this.#isWritable = false;
    return error;
  }

  /** What the caller sees of an error: failures of storage as `unavailable`, anything else as it is. */
  #judged(error: unknown): unknown {
    const code = sqliteCode(error);
    if (code === null) return error;
    if (DISK_FAILURES.includes(code)) return this.#failed(error);
    if (!PASSING_FAILURES.includes(code)) return error;
    return nothingChanged(error);
  }
}

function nothingChanged(cause?: unknown): OutkitError {
  return new OutkitError('unavailable', 'The database could not be used, and nothing was changed.', null, { cause });
}

function writesStopped(cause?: unknown): OutkitError {
  return new OutkitError(
    'unavailable',
    'The database failed while writing. It may hold the last change or not, and takes no more until the server starts again.',
    'Check the disk, then restart the server.',
    { cause },
  );
}
