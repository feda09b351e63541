import { type Dialect, DummyDriver, Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** What a database calls the things that the common subset of SQL has no name for. */
export interface SqlDialect {
  readonly kysely: Omit<Dialect, 'createDriver'>;
  readonly types: {
    /** Text compared and ordered byte for byte. */
    readonly text: string;
    /** Whole numbers of 53 bits and more. */
    readonly integer: string;
    readonly bytes: string;
  };
  /** Types of arrays of them, for statements about many rows at once; `null` where a prepared statement for each row is as quick. */
  readonly arrays: { readonly text: string; readonly integer: string } | null;
  /** What follows the columns of a table. */
  readonly tableOptions: string;
  /** The same for a table whose rows are kept in the order of their primary key. */
  readonly clusteredTableOptions: string;
  /** Aggregates rows, in an order, to the JSON of an array that has an array of values and a truth at its end for each. */
  readonly jsonArrays: (values: string, truth: string, order: string) => string;
  /** Statements that make the database send a hint when a trigger fires (`core/hints.ts`); none where one server has the database to itself. */
  readonly hintsOf: (kind: 'changes' | 'applied', trigger: string) => readonly string[];
}

export type QueryBuilder = Kysely<Database>;

/** Builds queries of this dialect; it has no connection, so executing one through it does nothing. */
export function queryBuilder(dialect: SqlDialect): QueryBuilder {
  return new Kysely<Database>({ dialect: { ...dialect.kysely, createDriver: () => new DummyDriver() } });
}
