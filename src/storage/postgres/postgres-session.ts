import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import type { Statement } from '../sql/script.ts';
import { isMistake, judged, nothingChanged, outcomeUnknown, sqlState } from './postgres-error.ts';

/** Transactions whose statements all see one state. */
export const READ = 'isolation level repeatable read read only';

/** Not stricter: whoever locks what it decides on has to see what was committed before it got the lock. */
export const WRITE = 'isolation level read committed read write';

export const WRITE_IN_SNAPSHOT = 'isolation level repeatable read read write';

type Mode = typeof READ | typeof WRITE | typeof WRITE_IN_SNAPSHOT;

/** A statement with more values is one of many lengths of a list: to prepare each would fill the server with them. */
const MAX_PREPARED_VALUES = 24;

/** SQLSTATE class of warnings. */
const WARNING = '01';

/** SQLSTATE of what comes behind a statement that failed, in the same transaction. */
const BEHIND_A_FAILURE = '25P02';

/** Holds and reads rows, and writes none. */
const SELECT = /^select /;

/** What a statement gave back. */
export interface Answer {
  readonly rows: readonly unknown[];
  /** Rows that it inserted, updated, deleted or gave back. */
  readonly count: number;
}

/** One connection of the pool, for one user, who MUST release it. Its errors are judged: `unavailable` when storage fails. */
export class PostgresSession {
  readonly #client: pg.PoolClient;
  readonly #onError = () => {
    this.#isLost = true;
  };
  readonly #onNotice = ({ code }: { readonly code: string | undefined }) => {
    this.#isWarned ||= code?.startsWith(WARNING) === true;
  };
  /** Sent in this transaction, and not looked at yet. */
  #sent: Promise<Answer>[] = [];
  /** The first of `#sent` is the begin. */
  #isBeginning = false;
  /** Some statement has, so that nothing is to be committed any more. */
  #hasFailed = false;
  /** The connection is not to be used again. */
  #isLost = false;
  #isWarned = false;
  /** What is sent stays here until somebody waits for it, and leaves in one packet: each one would wake up the server. */
  #isHeld = false;

  private constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on('error', this.#onError);
    client.on('notice', this.#onNotice);
  }

  /** Waits for its turn. */
  static async take(pool: pg.Pool): Promise<PostgresSession> {
    try {
      return new PostgresSession(await pool.connect());
    } catch (error) {
      throw nothingChanged(error);
    }
  }

  /** Throws what failed of those that were sent before, or of this one. */
  async run(statement: Statement): Promise<Answer> {
    await this.#requireBegun(statement);
    const answer = this.#query(statement);
    await this.#lookAtSent();
    return answer;
  }

  /** Waits for no answer: the next `run`, or the commit, throws what failed. */
  async send(statement: Statement): Promise<void> {
    await this.#requireBegun(statement);
    this.#hold();
    this.#sent.push(this.#query(statement));
  }

  /** All that `work` runs here is written, or nothing of it. */
  async durably<Result>(work: () => Promise<Result>, mode: Mode = WRITE): Promise<Result> {
    try {
      this.begin(mode);
      const result = await work();
      await this.commit();
      return result;
    } catch (error) {
      await this.rollBack();
      throw error;
    }
  }

  /** A statement that is a transaction by itself: one way to the server instead of three. Durable when it resolves. */
  async alone(statement: Statement): Promise<Answer> {
    this.#isWarned = false;
    const answer = await this.run(statement);
    if (this.#isWarned) throw outcomeUnknown();
    return answer;
  }

  /** Waits for no answer, either. What writes is only sent once there is a transaction. */
  begin(mode: Mode): void {
    this.#isBeginning = true;
    this.#hold();
    this.#sent.push(this.#query({ sql: `begin ${mode}`, parameters: [] }));
  }

  /** Once it was sent, whatever is not a plain yes leaves the outcome unknown, and that is what the error says. */
  async commit(): Promise<void> {
    await this.#requireSent();
    this.#isWarned = false;
    const answer = this.#client.query('commit');
    const sent = this.#lookAtSent();
    sent.catch(() => {});
    let command: string;
    try {
      ({ command } = await answer);
    } catch (error) {
      this.#isLost = true;
      throw outcomeUnknown(error);
    }
    // The server has undone the transaction: of what was sent before, something failed.
    if (command !== 'COMMIT') {
      await sent;
      throw nothingChanged();
    }
    // The server stopped waiting for its standby: it has the change, and loses it when the standby takes over.
    if (this.#isWarned) throw outcomeUnknown();
  }

  /** Undoes what was not committed; a connection on which that fails is closed, which undoes it too. */
  async rollBack(): Promise<void> {
    this.#isBeginning = false;
    this.#sent = [];
    const answer = this.#isLost ? null : this.#client.query('rollback');
    this.#letGo();
    try {
      await answer;
    } catch {
      this.#isLost = true;
    }
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.off('notice', this.#onNotice);
    this.#client.release(this.#isLost);
  }

  #query({ sql, parameters }: Statement): Promise<Answer> {
    const isPrepared = parameters.length > 0 && parameters.length <= MAX_PREPARED_VALUES;
    const query = { text: sql, values: [...parameters], ...(isPrepared && { name: nameOf(sql) }) };
    const answer = this.#client.query(query).then(
      ({ rows, rowCount }) => ({ rows, count: rowCount ?? 0 }),
      (error) => {
        this.#hasFailed = true;
        // What else went wrong may have to do with this connection, as statements that were prepared before a change of the schema do.
        if (!isMistake(error) && sqlState(error) !== BEHIND_A_FAILURE) this.#isLost = true;
        throw judged(error);
      },
    );
    // Who looks at it may be late.
    answer.catch(() => {});
    return answer;
  }

  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#client.connection.stream.cork();
  }

  #letGo(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#client.connection.stream.uncork();
  }

  async #requireBegun({ sql }: Statement): Promise<void> {
    if (this.#isBeginning && !SELECT.test(sql)) await this.#lookAtSent();
  }

  /** Throws the first failure: those behind it only say that there was one. */
  async #lookAtSent(): Promise<void> {
    this.#letGo();
    const sent = this.#sent;
    this.#sent = [];
    this.#isBeginning = false;
    for (const answer of sent) await answer;
  }

  /** A commit MUST NOT follow what the driver could not send, which the server does not know of. The driver tells of that in its next turn. */
  async #requireSent(): Promise<void> {
    await setImmediate();
    if (!this.#isLost && !this.#hasFailed) return;
    await this.#lookAtSent();
    throw nothingChanged();
  }
}

const names = new Map<string, string>();

/** The same for the same text, in every process. The texts are as many as the queries of the program. */
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha256').update(sql).digest('base64url');
    names.set(sql, name);
  }
  return name;
}
