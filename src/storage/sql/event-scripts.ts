import { sql } from 'kysely';
import type { EventQuery } from '../../core/event-store.ts';
import type { RenderEvent, StoredEvent } from '../../core/render-event.ts';
import type { QueryBuilder, SqlDialect } from './dialect.ts';
import { eventFromRow, eventRow, insertEventsTemplate } from './event-rows.ts';
import type { EventLogTable } from './schema.ts';
import { ask, type Script } from './script.ts';
import { statementTemplate } from './statement-template.ts';

/** So many numbers are looked through at once. */
const SEQS_A_READ = 5_000;

/** Appends events, and gives them their numbers: the row of the counter stays locked until the commit, so that they are in its order. */
export function eventAppender(db: QueryBuilder, dialect: SqlDialect) {
  const insert = insertEventsTemplate(db, dialect);
  const takeNumbers = statementTemplate<{ seq: number }>((slot) =>
    db
      .updateTable('event_log')
      .set((eb) => ({ seq: eb('seq', '+', slot('seq')), kept: eb('kept', '+', slot('seq')) }))
      .returning('seq'),
  );
  return function* append(events: readonly RenderEvent[]): Script<readonly StoredEvent[]> {
    if (events.length === 0) return [];
    const [taken] = (yield takeNumbers({ seq: events.length })) as readonly Pick<EventLogTable, 'seq'>[];
    if (taken === undefined) throw noLog();
    const last = taken.seq - events.length;
    const stored = events.map((event, index) => ({ ...event, seq: last + 1 + index }));
    yield* insert(stored.map((event) => eventRow(event, event.seq)));
    return stored;
  };
}

/** A part of a list, and where the next one begins; `null` when this was the last. */
export interface EventsPart {
  readonly events: readonly StoredEvent[];
  readonly next: number | null;
}

/**
 * At most `limit` events of the query from among the numbers next to `from`, which is left out (`null`: the newest). It may have none of
 * them and still not be the last part.
 */
export function* listEventsFrom(
  db: QueryBuilder,
  query: EventQuery,
  from: number | null,
  limit: number,
): Script<EventsPart> {
  const { profileIds, since, keyId, status, path } = query;
  const isAscending = query.after !== null;
  const [beyond, direction] = isAscending ? (['>', 'asc'] as const) : (['<', 'desc'] as const);
  let seqs = db.selectFrom('render_events').select('seq').orderBy('seq', direction).limit(1);
  if (from !== null) seqs = seqs.where('seq', beyond, from);
  const [first] = yield* ask(seqs);
  if (first === undefined || profileIds.length === 0 || limit < 1) return { events: [], next: null };
  // Not beyond the newest: what is appended between two parts has to be in the second.
  const next = isAscending ? Math.min(first.seq + SEQS_A_READ, yield* newestEventSeq(db)) : first.seq - SEQS_A_READ;
  const [low, high] = isAscending ? [first.seq, next] : [next, first.seq];
  let events = db
    .selectFrom('render_events')
    .selectAll()
    .where('profile_id', 'in', profileIds)
    .where('seq', '>=', low)
    .where('seq', '<=', high);
  if (since !== null) events = events.where('at', '>=', since);
  if (keyId !== null) events = events.where('key_id', '=', keyId);
  if (status !== null) events = events.where('status', '>=', status.min).where('status', '<=', status.max);
  if (path !== null) events = events.where('path', '=', path);
  const rows = yield* ask(events.orderBy('seq', direction).limit(limit));
  return { events: rows.map(eventFromRow), next };
}

export function* newestEventSeq(db: QueryBuilder): Script<number> {
  return (yield* eventLog(db)).seq;
}

export function* prunedEventSeq(db: QueryBuilder): Script<number> {
  return (yield* eventLog(db)).pruned_seq;
}

/** Removes from the front of the log: an event that is older than one before it goes together with that one. */
export function* pruneEvents(
  db: QueryBuilder,
  dialect: SqlDialect,
  before: number,
  keep: number,
  limit: number,
): Script<number> {
  // Of two who remove the same events at once, the second sees that they are gone, and does not take them off the counter again.
  yield* ask(db.selectFrom('event_log').select('id').modifyEnd(sql.raw(dialect.rowLock)));
  const beyond = (yield* eventLog(db)).kept - keep;
  const oldest = yield* ask(db.selectFrom('render_events').select(['seq', 'at']).orderBy('seq').limit(limit));
  const kept = oldest.findIndex(({ at }, index) => index >= beyond && at >= before);
  const removed = kept === -1 ? oldest : oldest.slice(0, kept);
  const last = removed.at(-1);
  if (last === undefined) return 0;
  yield* ask(db.deleteFrom('render_events').where('seq', '<=', last.seq));
  yield* ask(
    db.updateTable('event_log').set((eb) => ({ pruned_seq: last.seq, kept: eb('kept', '-', removed.length) })),
  );
  return removed.length;
}

/** Lets the next event come behind `seq`. Those between are gone, and whoever asks for what comes behind an earlier one is told. */
export function* skipEventsTo(db: QueryBuilder, seq: number): Script<void> {
  yield* ask(db.updateTable('event_log').set({ seq, pruned_seq: seq }).where('seq', '<', seq));
}

function* eventLog(db: QueryBuilder): Script<EventLogTable> {
  const [log] = yield* ask(db.selectFrom('event_log').selectAll());
  if (log === undefined) throw noLog();
  return log;
}

function noLog(): Error {
  return new Error('the log of events has no counter');
}
