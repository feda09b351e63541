import type { Durations } from '../../core/durations.ts';
import type { UsageRow } from '../../core/usage.ts';
import type { QueryBuilder, SqlDialect } from './dialect.ts';
import { type ColumnKinds, rowsTemplate, toldRowsTemplate } from './rows-template.ts';
import type { UsageTable } from './schema.ts';

const COUNTS = [
  'served',
  'client_errors',
  'server_errors',
  'rate_limited',
  'revoked',
  'superseded',
  'expired',
  'archived',
] as const satisfies readonly (keyof UsageTable)[];

/** Columns that tell where counts belong. */
export type UsagePlaceColumns = Pick<UsageTable, 'key_id' | 'hour' | 'secret_ordinal' | 'in_grace'>;
export type UsageDurations = UsagePlaceColumns & Pick<UsageTable, 'durations'>;
type UsageCountsColumns = Omit<UsageTable, 'durations'>;

const PLACE_NAMES = ['key_id', 'hour', 'secret_ordinal', 'in_grace'] as const;
const PLACE: ColumnKinds<UsagePlaceColumns> = {
  key_id: 'text',
  hour: 'integer',
  secret_ordinal: 'integer',
  in_grace: 'integer',
};

export function countsRow(row: UsageRow): UsageCountsColumns {
  return {
    key_id: row.keyId,
    secret_ordinal: row.secretOrdinal,
    in_grace: row.inGrace ? 1 : 0,
    hour: row.hour,
    served: row.served,
    client_errors: row.clientErrors,
    server_errors: row.serverErrors,
    rate_limited: row.rateLimited,
    revoked: row.revoked,
    superseded: row.superseded,
    expired: row.expired,
    archived: row.archived,
  };
}

export function usageFromRow(row: UsageTable): UsageRow {
  return {
    keyId: row.key_id,
    secretOrdinal: row.secret_ordinal,
    inGrace: row.in_grace === 1,
    hour: row.hour,
    served: row.served,
    clientErrors: row.client_errors,
    serverErrors: row.server_errors,
    rateLimited: row.rate_limited,
    revoked: row.revoked,
    superseded: row.superseded,
    expired: row.expired,
    archived: row.archived,
    durations: durationsIn(row.durations),
  };
}

/** JSON: bucket, count, bucket, count, and so on. */
export function durationsText(durations: Durations): string {
  return JSON.stringify([...durations].flat());
}

export function durationsIn(text: string): Map<number, number> {
  const numbers = JSON.parse(text) as readonly number[];
  const durations = new Map<number, number>();
  for (let index = 0; index < numbers.length; index += 2) {
    durations.set(numbers[index] as number, numbers[index + 1] as number);
  }
  return durations;
}

/** Adds counts to those of their places, and answers with their durations, which stay as they are: nothing but a program can add those up. */
export function addCountsTemplate(db: QueryBuilder, dialect: SqlDialect) {
  const columns: ColumnKinds<UsageCountsColumns> = {
    ...PLACE,
    served: 'integer',
    client_errors: 'integer',
    server_errors: 'integer',
    rate_limited: 'integer',
    revoked: 'integer',
    superseded: 'integer',
    expired: 'integer',
    archived: 'integer',
  };
  return rowsTemplate(dialect, columns, (rows) =>
    db
      .insertInto('usage')
      .columns(rows.columns)
      .expression(rows.inserted)
      .onConflict((conflict) =>
        conflict
          .columns(PLACE_NAMES)
          .doUpdateSet((eb) =>
            Object.fromEntries(COUNTS.map((count) => [count, eb(`usage.${count}`, '+', eb.ref(`excluded.${count}`))])),
          ),
      )
      .returning([...PLACE_NAMES, 'durations']),
  );
}

export function setDurationsTemplate(db: QueryBuilder, dialect: SqlDialect) {
  return toldRowsTemplate<UsageDurations>(dialect, { ...PLACE, durations: 'text' }, ({ table }) =>
    db
      .updateTable('usage')
      .from(table)
      .set((eb) => ({ durations: eb.ref('given.durations') }))
      .whereRef('usage.key_id', '=', 'given.key_id')
      .whereRef('usage.hour', '=', 'given.hour')
      .whereRef('usage.secret_ordinal', '=', 'given.secret_ordinal')
      .whereRef('usage.in_grace', '=', 'given.in_grace'),
  );
}

export function removeRowsTemplate(db: QueryBuilder, dialect: SqlDialect) {
  return toldRowsTemplate<UsagePlaceColumns>(dialect, PLACE, ({ table }) =>
    db.deleteFrom('usage').where((eb) =>
      eb(
        eb.refTuple(...PLACE_NAMES),
        'in',
        eb
          .selectFrom(table)
          .select(PLACE_NAMES)
          .$asTuple(...PLACE_NAMES),
      ),
    ),
  );
}
