import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { QueryBuilder } from './dialect.ts';
import type { Statement } from './script.ts';

class Slot {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

export type SlotOf<Values> = <Name extends keyof Values>(name: Name) => RawBuilder<Values[Name]>;

/** Compiles a query once and fills in values for each run: compiling costs more than running, and batches have thousands. */
export function statementTemplate<Values extends object>(
  build: (slot: SlotOf<Values>) => Compilable,
): (values: Values) => Statement {
  const compiled = build((name) => sql`${new Slot(name)}`).compile();
  const names = compiled.parameters.map((parameter) => (parameter instanceof Slot ? parameter.name : null));
  return (values) => ({
    sql: compiled.sql,
    parameters: names.map((name, index) => (name === null ? compiled.parameters[index] : values[name as keyof Values])),
  });
}

/** The same for scripts, which are given the query builder: compiled at the first run with each. What it gives is asked or told as any query. */
export function queryTemplate<Values extends object, Row>(
  build: (db: QueryBuilder, slot: SlotOf<Values>) => Compilable<Row>,
): (db: QueryBuilder, values: Values) => Compilable<Row> {
  const templates = new WeakMap<QueryBuilder, (values: Values) => Statement>();
  return (db, values) => {
    const template = templates.get(db) ?? statementTemplate<Values>((slot) => build(db, slot));
    templates.set(db, template);
    return { compile: () => template(values) as CompiledQuery<Row> };
  };
}
