import { CompiledQuery } from 'kysely';
import { OutkitError } from '../../core/errors.ts';
import { type QueryBuilder, queryBuilder, type SqlDialect } from './dialect.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { people } from './migrations/0002-people.ts';
import { events } from './migrations/0003-events.ts';
import { usageByRefusal } from './migrations/0004-usage-by-refusal.ts';
import { gateways } from './migrations/0005-gateways.ts';
import { barriers } from './migrations/0006-barriers.ts';
import { hints } from './migrations/0007-hints.ts';
import { eventSegments } from './migrations/0008-event-segments.ts';
import { ask, type Script } from './script.ts';

/** One step of the schema. It is never edited once released: a later step corrects it. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: (dialect: SqlDialect) => readonly string[];
}

/** In the order in which they run. */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  people,
  events,
  usageByRefusal,
  gateways,
  barriers,
  hints,
  eventSegments,
];

export const NEWEST_VERSION = MIGRATIONS.at(-1)?.version ?? 0;

/** The version of a database that has been migrated once. */
export function* schemaVersion(db: QueryBuilder): Script<number> {
  const latest = db.selectFrom('migrations').select('version').orderBy('version', 'desc').limit(1);
  return (yield* ask(latest))[0]?.version ?? 0;
}

/**
 * Brings the database to the newest version known here, in the one transaction that runs the script.
 * `data_directory` when a newer Outkit has written it.
 */
export function* migrate(dialect: SqlDialect, migrations: readonly Migration[] = MIGRATIONS): Script<void> {
  const db = queryBuilder(dialect);
  const { text, integer } = dialect.types;
  yield CompiledQuery.raw(
    `create table if not exists migrations (version ${integer} primary key, name ${text} not null) ${dialect.tableOptions}`,
  );
  const current = yield* schemaVersion(db);
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new OutkitError(
      'data_directory',
      `A newer Outkit has written this database: it is at version ${current}, and this one knows versions up to ${newest}.`,
      'Start the newer Outkit, or restore a backup from before the upgrade.',
    );
  }
  for (const { version, name, statements } of migrations) {
    if (version <= current) continue;
    for (const statement of statements(dialect)) yield CompiledQuery.raw(statement);
    yield* ask(db.insertInto('migrations').values({ version, name }));
  }
}
