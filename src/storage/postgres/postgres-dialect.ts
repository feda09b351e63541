import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { SqlDialect } from '../sql/dialect.ts';

/** Of `NOTIFY`, in the database of the store. */
export const HINT_CHANNEL = 'outkit';

export const postgresDialect: SqlDialect = {
  kysely: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  types: { text: 'text collate "C"', integer: 'bigint', bytes: 'bytea' },
  arrays: { text: 'text[]', integer: 'bigint[]' },
  tableOptions: '',
  clusteredTableOptions: '',
  jsonArrays: (values, truth, order) => `json_agg(json_build_array(${values}, ${truth}) order by ${order})::text`,
  // Heard when the transaction has committed, by whoever listens (`postgres-hints.ts`).
  hintsOf: (kind, trigger) => [
    `create function hint_${kind}() returns trigger language plpgsql
      as $$ begin perform pg_notify('${HINT_CHANNEL}', '${kind}'); return null; end $$`,
    `create trigger hint_${kind} ${trigger} execute function hint_${kind}()`,
  ],
};
