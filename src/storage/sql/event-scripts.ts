import type { RenderEvent, StoredEvent } from '../../core/render-event.ts';
import type { QueryBuilder, SqlDialect } from './dialect.ts';
import { segmentInserter } from './event-segments.ts';
import type { EventLogTable } from './schema.ts';
import { ask, type Script } from './script.ts';
import { statementTemplate } from './statement-template.ts';

/** Appends events, and gives them their numbers: the row of the counter stays locked until the commit, so that they are in its order. */
export function eventAppender(db: QueryBuilder, dialect: SqlDialect) {
  const insert = segmentInserter(db, dialect);
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
    yield* insert(last + 1, events);
    return events.map((event, index) => ({ ...event, seq: last + 1 + index }));
  };
}

export function* newestEventSeq(db: QueryBuilder): Script<number> {
  return (yield* eventLog(db)).seq;
}

export function* prunedEventSeq(db: QueryBuilder): Script<number> {
  return (yield* eventLog(db)).pruned_seq;
}

/** Lets the next event come behind `seq`. Those between are gone, and whoever asks for what comes behind an earlier one is told. */
export function* skipEventsTo(db: QueryBuilder, seq: number): Script<void> {
  yield* ask(db.updateTable('event_log').set({ seq, pruned_seq: seq }).where('seq', '<', seq));
}

export function* eventLog(db: QueryBuilder): Script<EventLogTable> {
  const [log] = yield* ask(db.selectFrom('event_log').selectAll());
  if (log === undefined) throw noLog();
  return log;
}

function noLog(): Error {
  return new Error('the log of events has no counter');
}
