import { type Compilable, type RawBuilder, sql } from 'kysely';
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
