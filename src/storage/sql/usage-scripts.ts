import type { StoredEvent } from '../../core/render-event.ts';
import type { JournalPosition, LastUse, UsageBatch, UsageRow } from '../../core/usage.ts';
import { persistTime } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { eventAppender } from './event-scripts.ts';
import type { KeyLastUsedTable, UsageTable } from './schema.ts';
import { ask, type Script } from './script.ts';
import { statementTemplate } from './statement-template.ts';

/** Databases bound the number of values in a statement. */
const KEYS_A_STATEMENT = 500;

const COUNTS = ['served', 'client_errors', 'server_errors', 'rate_limited', 'refused'] as const;

/** Adds counts and keeps the later last uses, row by row: a batch may name the same place twice. Appends the events. */
export function usageRecorder(db: QueryBuilder) {
  const addCounts = addCountsTemplate(db);
  const keepLater = keepLaterTemplate(db);
  const appendEvents = eventAppender(db);
  return function* recordUsage(batch: UsageBatch): Script<readonly StoredEvent[]> {
    for (const row of batch.rows) yield addCounts(usageRow(row));
    for (const { keyId, secretOrdinal, at, ip, agent } of batch.lastUses) {
      yield keepLater({ key_id: keyId, secret_ordinal: secretOrdinal, at, ip, agent });
    }
    const stored = yield* appendEvents(batch.events);
    if (batch.journal !== null) yield* keepPosition(db, batch.journal);
    yield* persistTime(db, batch.at);
    return stored;
  };
}

export function* journalPosition(db: QueryBuilder, epoch: string): Script<number> {
  const found = db.selectFrom('usage_journals').select('position').where('epoch', '=', epoch);
  return (yield* ask(found))[0]?.position ?? 0;
}

export function* usageOf(db: QueryBuilder, keyId: string, since: number): Script<readonly UsageRow[]> {
  const query = db.selectFrom('usage').selectAll().where('key_id', '=', keyId).where('hour', '>=', since);
  const rows = yield* ask(query.orderBy('hour').orderBy('secret_ordinal').orderBy('in_grace'));
  return rows.map((row) => ({
    keyId: row.key_id,
    secretOrdinal: row.secret_ordinal,
    inGrace: row.in_grace === 1,
    hour: row.hour,
    served: row.served,
    clientErrors: row.client_errors,
    serverErrors: row.server_errors,
    rateLimited: row.rate_limited,
    refused: row.refused,
  }));
}

export function* lastUsesOf(db: QueryBuilder, keyIds: readonly string[]): Script<readonly LastUse[]> {
  const uses: LastUse[] = [];
  for (let start = 0; start < keyIds.length; start += KEYS_A_STATEMENT) {
    const some = keyIds.slice(start, start + KEYS_A_STATEMENT);
    for (const row of yield* ask(db.selectFrom('key_last_used').selectAll().where('key_id', 'in', some))) {
      uses.push({ keyId: row.key_id, secretOrdinal: row.secret_ordinal, at: row.at, ip: row.ip, agent: row.agent });
    }
  }
  return uses;
}

function* keepPosition(db: QueryBuilder, journal: JournalPosition): Script<void> {
  const insert = db.insertInto('usage_journals').values(journal);
  yield* ask(insert.onConflict((conflict) => conflict.column('epoch').doUpdateSet({ position: journal.position })));
}

function addCountsTemplate(db: QueryBuilder) {
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
      refused: slot('refused'),
    });
    return insert.onConflict((conflict) =>
      conflict
        .columns(['key_id', 'hour', 'secret_ordinal', 'in_grace'])
        .doUpdateSet((eb) =>
          Object.fromEntries(COUNTS.map((count) => [count, eb(`usage.${count}`, '+', eb.ref(`excluded.${count}`))])),
        ),
    );
  });
}

function keepLaterTemplate(db: QueryBuilder) {
  return statementTemplate<KeyLastUsedTable>((slot) => {
    const insert = db.insertInto('key_last_used').values({
      key_id: slot('key_id'),
      secret_ordinal: slot('secret_ordinal'),
      at: slot('at'),
      ip: slot('ip'),
      agent: slot('agent'),
    });
    return insert.onConflict((conflict) =>
      conflict
        .columns(['key_id', 'secret_ordinal'])
        .doUpdateSet((eb) => ({
          at: eb.ref('excluded.at'),
          ip: eb.ref('excluded.ip'),
          agent: eb.ref('excluded.agent'),
        }))
        .whereRef('key_last_used.at', '<', 'excluded.at'),
    );
  });
}

function usageRow(row: UsageRow): UsageTable {
  return {
    key_id: row.keyId,
    secret_ordinal: row.secretOrdinal,
    in_grace: row.inGrace ? 1 : 0,
    hour: row.hour,
    served: row.served,
    client_errors: row.clientErrors,
    server_errors: row.serverErrors,
    rate_limited: row.rateLimited,
    refused: row.refused,
  };
}
