import type { Durations } from '../../core/durations.ts';
import type { UsageRow } from '../../core/usage.ts';
import type { QueryBuilder } from './dialect.ts';
import type { UsageTable } from './schema.ts';
import { statementTemplate } from './statement-template.ts';

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

export function usageRow(row: UsageRow): UsageTable {
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
    durations: durationsText(row.durations),
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

/** Adds counts to those of their place, and answers with its durations, which stay as they are: nothing but a program can add those up. */
export function addCountsTemplate(db: QueryBuilder) {
  return statementTemplate<UsageTable>((slot) => {
    const insert = db.insertInto('usage').values({
      key_id: slot('key_id'),
      secret_ordinal: slot('secret_ordinal'),
      in_grace: slot('in_grace'),
      hour: slot('hour'),
      served: slot('served'),
      client_errors: slot('client_errors'),
      server_errors: slot('server_errors'),
      rate_limited: slot('rate_limited'),
      revoked: slot('revoked'),
      superseded: slot('superseded'),
      expired: slot('expired'),
      archived: slot('archived'),
      durations: '[]',
    });
    return insert
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'hour', 'secret_ordinal', 'in_grace'])
          .doUpdateSet((eb) =>
            Object.fromEntries(COUNTS.map((count) => [count, eb(`usage.${count}`, '+', eb.ref(`excluded.${count}`))])),
          ),
      )
      .returning('durations');
  });
}

export function setDurationsTemplate(db: QueryBuilder) {
  return statementTemplate<UsagePlaceColumns & Pick<UsageTable, 'durations'>>((slot) =>
    db
      .updateTable('usage')
      .set({ durations: slot('durations') })
      .where('key_id', '=', slot('key_id'))
      .where('hour', '=', slot('hour'))
      .where('secret_ordinal', '=', slot('secret_ordinal'))
      .where('in_grace', '=', slot('in_grace')),
  );
}

/** Removes the row of a place, and answers with it: two who do so at once do not both get it. */
export function takeRowTemplate(db: QueryBuilder) {
  return statementTemplate<UsagePlaceColumns>((slot) =>
    db
      .deleteFrom('usage')
      .where('key_id', '=', slot('key_id'))
      .where('hour', '=', slot('hour'))
      .where('secret_ordinal', '=', slot('secret_ordinal'))
      .where('in_grace', '=', slot('in_grace'))
      .returningAll(),
  );
}
