import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { SqlDialect } from '../sql/dialect.ts';

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
  // Not `for update`: it would wait for everybody who inserts a row that refers to this one, and they hold the clock that it waits for.
  rowLock: 'for no key update',
};
