import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { SqlDialect } from '../sql/dialect.ts';

export const sqliteDialect: SqlDialect = {
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  types: { text: 'text', integer: 'integer', bytes: 'blob' },
  arrays: null,
  tableOptions: 'strict',
  clusteredTableOptions: 'strict, without rowid',
  rowLock: '',
  jsonArrays: (values, truth, order) =>
    `json_group_array(json_array(${values}, json(iif(${truth}, 'true', 'false'))) order by ${order})`,
  hintsOf: () => [],
};
