import { type SelectModifierNode, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { SqlDialect } from '../sql/dialect.ts';

/** A transaction that writes has the database to itself: there are no locks of rows, nor words for them. */
class LocklessQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== 'ForNoKeyUpdate') super.visitSelectModifier(node);
  }
}

export const sqliteDialect: SqlDialect = {
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new LocklessQueryCompiler(),
  },
  types: { text: 'text', integer: 'integer', bytes: 'blob' },
  arrays: null,
  tableOptions: 'strict',
  clusteredTableOptions: 'strict, without rowid',
  jsonArrays: (values, truth, order) =>
    `json_group_array(json_array(${values}, json(iif(${truth}, 'true', 'false'))) order by ${order})`,
  hintsOf: () => [],
};
