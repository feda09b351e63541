import type pg from 'pg';
import type { Executor, Script, Statement } from '../sql/script.ts';
import { PostgresSession, READ, WRITE_IN_SNAPSHOT } from './postgres-session.ts';

/** Runs each script in a transaction of its own, on a connection of the pool. */
export class PostgresExecutor implements Executor {
  readonly #pool: pg.Pool;
  #closed: Promise<void> | null = null;

  /** Owns the pool from here on. */
  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async read<Result>(script: Script<Result>): Promise<Result> {
    const session = await PostgresSession.take(this.#pool);
    try {
      session.begin(READ);
      return await run(session, script);
    } finally {
      // What was read is known: nobody waits for the end of the transaction, but for the connection.
      void session.rollBack().then(() => session.release());
    }
  }

  async lookUp<Result>(script: Script<Result>): Promise<Result> {
    let step = script.next();
    if (step.done === true) return step.value;
    const session = await PostgresSession.take(this.#pool);
    try {
      step = script.next((await session.run(step.value)).rows);
      if (step.done !== true) throw new Error('a look-up has one statement');
      return step.value;
    } finally {
      session.release();
    }
  }

  async write<Result>(script: Script<Result>): Promise<Result> {
    const session = await PostgresSession.take(this.#pool);
    try {
      return await session.durably(() => run(session, script));
    } finally {
      session.release();
    }
  }

  /** One durable transaction whose statements all see the state that its first one saw; `unavailable` when a row that it writes has changed since. */
  async writeInSnapshot<Result>(script: Script<Result>): Promise<Result> {
    const session = await PostgresSession.take(this.#pool);
    try {
      return await session.durably(() => run(session, script), WRITE_IN_SNAPSHOT);
    } finally {
      session.release();
    }
  }

  /** One statement, which is a transaction by itself, and sees one state. */
  async statement<Row>(statement: Statement): Promise<readonly Row[]> {
    const session = await PostgresSession.take(this.#pool);
    try {
      return (await session.alone(statement)).rows as readonly Row[];
    } finally {
      session.release();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end();
    return this.#closed;
  }
}

async function run<Result>(session: PostgresSession, script: Script<Result>): Promise<Result> {
  let step = script.next();
  while (step.done !== true) {
    if (step.value.isTold === true) {
      await session.send(step.value);
      step = script.next([]);
    } else step = script.next((await session.run(step.value)).rows);
  }
  return step.value;
}
