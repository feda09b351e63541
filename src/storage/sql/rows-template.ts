import { type AliasedRawBuilder, type Compilable, type RawBuilder, sql } from 'kysely';
import type { SqlDialect } from './dialect.ts';
import type { Script, Statement } from './script.ts';
import { statementTemplate } from './statement-template.ts';

/** Of each column of rows, whether it holds text or whole numbers. */
export type ColumnKinds<Row> = { readonly [Name in keyof Row]-?: 'text' | 'integer' };

/** The rows, as a statement about them may use them, in one of the two ways. */
export interface GivenRows<Row> {
  readonly columns: readonly (keyof Row & string)[];
  /** What an insert into these columns has behind their names. */
  readonly inserted: RawBuilder<Row>;
  readonly table: AliasedRawBuilder<Row, 'given'>;
}

/**
 * Compiles a statement about rows once, and answers with what it gives back. It runs once for all rows, in their order, where the dialect has
 * arrays, and else once for each. No two of the rows may be about the same place: a database refuses to write one twice in a statement.
 */
export function rowsTemplate<Row extends object, Answer>(
  dialect: SqlDialect,
  columns: ColumnKinds<Row>,
  build: (rows: GivenRows<Row>) => Compilable<Answer>,
): (rows: readonly Row[]) => Script<readonly Answer[]> {
  const statementsOf = statementsTemplate(dialect, columns, build);
  return function* run(rows) {
    const answers: Answer[] = [];
    for (const statement of statementsOf(rows)) answers.push(...((yield statement) as readonly Answer[]));
    return answers;
  };
}

/** The same of a statement that gives nothing back, and is only told (`script.ts`). */
export function toldRowsTemplate<Row extends object>(
  dialect: SqlDialect,
  columns: ColumnKinds<Row>,
  build: (rows: GivenRows<Row>) => Compilable,
): (rows: readonly Row[]) => Script<void> {
  const statementsOf = statementsTemplate(dialect, columns, build);
  return function* run(rows) {
    for (const { sql, parameters } of statementsOf(rows)) yield { sql, parameters, isTold: true };
  };
}

function statementsTemplate<Row extends object>(
  dialect: SqlDialect,
  columns: ColumnKinds<Row>,
  build: (rows: GivenRows<Row>) => Compilable,
): (rows: readonly Row[]) => readonly Statement[] {
  const { arrays } = dialect;
  const names = Object.keys(columns) as (keyof Row & string)[];
  const fill = statementTemplate<Record<keyof Row, unknown>>((slot) =>
    build({ columns: names, ...(arrays === null ? oneRow(names, slot) : arrayRows(columns, arrays, slot)) }),
  );
  if (arrays === null) return (rows) => rows.map(fill);
  return (rows) => (rows.length === 0 ? [] : [fill(byColumn(names, rows))]);
}

type SlotOf<Row> = (name: keyof Row & string) => RawBuilder<unknown>;

function oneRow<Row>(names: readonly (keyof Row & string)[], slot: SlotOf<Row>): Omit<GivenRows<Row>, 'columns'> {
  const selected = names.map((name) => sql`${slot(name)} as ${sql.ref(name)}`);
  return {
    inserted: sql`values (${sql.join(names.map(slot))})`,
    table: sql<Row>`(select ${sql.join(selected)})`.as('given'),
  };
}

/** A column of values as an array: so the text is the same for any number of rows, and prepared once. */
function arrayRows<Row>(
  columns: ColumnKinds<Row>,
  arrays: NonNullable<SqlDialect['arrays']>,
  slot: SlotOf<Row>,
): Omit<GivenRows<Row>, 'columns'> {
  const kinds = Object.entries(columns) as [keyof Row & string, keyof typeof arrays][];
  const values = kinds.map(([name, kind]) => sql`${slot(name)}::${sql.raw(arrays[kind])}`);
  const unnested = sql<Row>`unnest(${sql.join(values)})`;
  const names = sql.join(kinds.map(([name]) => sql.ref(name)));
  return { inserted: sql`select * from ${unnested}`, table: unnested.as<'given'>(sql`given (${names})`) };
}

function byColumn<Row>(names: readonly (keyof Row)[], rows: readonly Row[]): Record<keyof Row, unknown> {
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) as Record<keyof Row, unknown>;
}
