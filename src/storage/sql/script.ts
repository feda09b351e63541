import type { Compilable } from 'kysely';

/** Compiled SQL and its values, in the order of its placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A statement as a script yields it. */
export interface Step extends Statement {
  /** The script does without the rows: it is resumed with none, and whether the statement failed shows later, at the commit at the latest. */
  readonly isTold?: boolean;
}

/**
 * An operation as a generator: it yields each statement and is resumed with the rows. So the same text runs in one go inside a
 * transaction where the driver is synchronous, and with awaits where it is not. There, what is only told travels with the next question.
 */
export type Script<Result> = Generator<Step, Result, readonly unknown[]>;

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

/** The same of one that gives no rows that anybody needs. */
export function* tell(query: Compilable): Script<void> {
  const { sql, parameters } = query.compile();
  yield { sql, parameters, isTold: true };
}
