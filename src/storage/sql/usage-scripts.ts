import { sql } from 'kysely';
import { addDurations } from '../../core/durations.ts';
import type { StoredEvent } from '../../core/render-event.ts';
import { dayOf, type JournalPosition, type LastUse, type UsageBatch, type UsageRow } from '../../core/usage.ts';
import { persistTime } from './change-log.ts';
import type { QueryBuilder, SqlDialect } from './dialect.ts';
import { eventAppender } from './event-scripts.ts';
import { type ColumnKinds, toldRowsTemplate } from './rows-template.ts';
import type { KeyLastUsedTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';
import { sumsInOneOrder } from './usage-order.ts';
import {
  addCountsTemplate,
  countsRow,
  durationsIn,
  durationsText,
  removeRowsTemplate,
  setDurationsTemplate,
  type UsagePlaceColumns,
  usageFromRow,
} from './usage-rows.ts';

/** Databases bound the number of values in a statement. */
const KEYS_A_STATEMENT = 500;

/** Adds counts, keeps the later last uses, and appends the events. No two rows and no two last uses may be of one place. */
export function usageRecorder(db: QueryBuilder, dialect: SqlDialect) {
  const addUsage = usageAdder(db, dialect);
  const keepLater = keepLaterTemplate(db, dialect);
  const appendEvents = eventAppender(db, dialect);
  return function* recordUsage(batch: UsageBatch): Script<readonly StoredEvent[] | null> {
    if (batch.journal !== null && !(yield* movePosition(db, batch.journal))) return null;
    yield* addUsage(batch.rows);
    yield* keepLater(batch.lastUses.map(lastUseRow));
    const stored = yield* appendEvents(batch.events);
    if (batch.at !== null) yield* persistTime(db, batch.at);
    return stored;
  };
}

/** Adds up hours to days: at most `limit` of the oldest hours before `before`. Answers with their number. */
export function usageRoller(db: QueryBuilder, dialect: SqlDialect) {
  const addUsage = usageAdder(db, dialect);
  const removeRows = removeRowsTemplate(db, dialect);
  return function* rollUpUsage(before: number, limit: number): Script<number> {
    const hours = db
      .selectFrom('usage')
      .selectAll()
      // As the index says it: with a placeholder it would not be found.
      .where(sql<boolean>`hour % 86400000 <> 0`)
      .where('hour', '<', before)
      .orderBy('hour')
      .orderBy('key_id')
      .orderBy('secret_ordinal')
      .orderBy('in_grace')
      .limit(limit);
    // Of two who add up the same hours at once, the second sees that they are gone.
    const found = yield* ask(hours.forNoKeyUpdate());
    yield* removeRows(found);
    yield* addUsage(sumsInOneOrder(found.map((row) => ({ ...usageFromRow(row), hour: dayOf(row.hour) }))));
    return found.length;
  };
}

function usageAdder(db: QueryBuilder, dialect: SqlDialect) {
  const addCounts = addCountsTemplate(db, dialect);
  const setDurations = setDurationsTemplate(db, dialect);
  return function* addUsage(rows: readonly UsageRow[]): Script<void> {
    // Whoever comes second waits here: the rows stay locked until the commit.
    const known = yield* addCounts(rows.map(countsRow));
    const durations = new Map(known.map((row) => [nameOf(row), row.durations]));
    const withDurations = rows.filter((row) => row.durations.size > 0);
    yield* setDurations(
      withDurations.map((row) => {
        const counts = countsRow(row);
        const sum = durationsIn(durations.get(nameOf(counts)) ?? '[]');
        addDurations(sum, row.durations);
        return { ...counts, durations: durationsText(sum) };
      }),
    );
  };
}

function nameOf({ key_id, hour, secret_ordinal, in_grace }: UsagePlaceColumns): string {
  return `${key_id}/${hour}/${secret_ordinal}/${in_grace}`;
}

export function* journalPosition(db: QueryBuilder, epoch: string): Script<number> {
  const found = db.selectFrom('usage_journals').select('position').where('epoch', '=', epoch);
  return (yield* ask(found))[0]?.position ?? 0;
}

/** What stands in the journals of before was answered after this database was copied: none of it is counted into the copy. */
export function* forgetJournals(db: QueryBuilder): Script<void> {
  yield* ask(db.deleteFrom('usage_journals'));
}

export function* usageOf(db: QueryBuilder, keyId: string, since: number): Script<readonly UsageRow[]> {
  const query = db.selectFrom('usage').selectAll().where('key_id', '=', keyId).where('hour', '>=', since);
  const rows = yield* ask(query.orderBy('hour').orderBy('secret_ordinal').orderBy('in_grace'));
  return rows.map(usageFromRow);
}

export function* usageOfKeys(db: QueryBuilder, keyIds: readonly string[], since: number): Script<readonly UsageRow[]> {
  const found: UsageRow[] = [];
  for (let start = 0; start < keyIds.length; start += KEYS_A_STATEMENT) {
    const some = keyIds.slice(start, start + KEYS_A_STATEMENT);
    const query = db.selectFrom('usage').selectAll().where('key_id', 'in', some).where('hour', '>=', since);
    found.push(...(yield* ask(query)).map(usageFromRow));
  }
  return found;
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

/** Answers whether the journal was not there yet. Its row stays locked, so that a second attempt waits for the first. */
function* movePosition(db: QueryBuilder, { epoch, position }: JournalPosition): Script<boolean> {
  const insert = db.insertInto('usage_journals').values({ epoch, position: 0 });
  yield* tell(insert.onConflict((conflict) => conflict.column('epoch').doNothing()));
  const kept = db.selectFrom('usage_journals').select('position').where('epoch', '=', epoch);
  const [known] = yield* ask(kept.forNoKeyUpdate());
  if (known === undefined || known.position >= position) return false;
  yield* tell(db.updateTable('usage_journals').set({ position }).where('epoch', '=', epoch));
  return true;
}

function keepLaterTemplate(db: QueryBuilder, dialect: SqlDialect) {
  const kinds: ColumnKinds<KeyLastUsedTable> = {
    key_id: 'text',
    secret_ordinal: 'integer',
    at: 'integer',
    ip: 'text',
    agent: 'text',
  };
  return toldRowsTemplate(dialect, kinds, ({ columns, inserted }) =>
    db
      .insertInto('key_last_used')
      .columns(columns)
      .expression(inserted)
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'secret_ordinal'])
          .doUpdateSet((eb) => ({
            at: eb.ref('excluded.at'),
            ip: eb.ref('excluded.ip'),
            agent: eb.ref('excluded.agent'),
          }))
          .whereRef('key_last_used.at', '<', 'excluded.at'),
      ),
  );
}

function lastUseRow({ keyId, secretOrdinal, at, ip, agent }: LastUse): KeyLastUsedTable {
  return { key_id: keyId, secret_ordinal: secretOrdinal, at, ip, agent };
}
