import type { Compilable } from 'kysely';

/** Compiled SQL and its values, in the order of its placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * An operation as a generator: it yields each statement and is resumed with the rows. So the same text runs in one go inside a
 * transaction where the driver is synchronous, and with awaits where it is not.
 */
export type Script<Result> = Generator<Statement, Result, readonly unknown[]>;

/** Runs scripts against one database. A script that throws has written nothing, and its error comes out unchanged. */
export interface Executor {
  /** All statements of the script see one state of the database. */
  read<Result>(script: Script<Result>): Promise<Result>;
  /** A script of one statement at most, which sees one state by itself: no transaction has to be begun and ended around it. */
  lookUp<Result>(script: Script<Result>): Promise<Result>;
  /** One durable transaction. MUST NOT run the script twice: what it decides is decided once. `unavailable` when storage fails. */
  write<Result>(script: Script<Result>): Promise<Result>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** One statement of a script: its rows, typed by the query. */
export function* ask<Row>(query: Compilable<Row>): Script<readonly Row[]> {
  return (yield query.compile()) as readonly Row[];
}
