import type { RenderEvent } from '../../core/render-event.ts';
import type { QueryBuilder } from './dialect.ts';
import { eventLog } from './event-scripts.ts';
import { EVENTS_A_SEGMENT, eventsIn, keysIn, profilesIn, segmentRow } from './event-segments.ts';
import type { EventSegmentsTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';

/** Removes from the front of the log: an event that is older than one before it goes together with that one. */
export function* pruneEvents(db: QueryBuilder, before: number, keep: number, limit: number): Script<number> {
  // Of two who remove the same events at once, the second sees that they are gone, and does not take them off the counter again.
  yield* ask(db.selectFrom('event_log').select('id').forNoKeyUpdate());
  const beyond = (yield* eventLog(db)).kept - keep;
  const rows = yield* oldestSegments(db, limit);
  const oldest = rows.flatMap(eventsIn).slice(0, limit);
  const kept = oldest.findIndex(({ at }, index) => index >= beyond && at >= before);
  const removed = kept === -1 ? oldest : oldest.slice(0, kept);
  const last = removed.at(-1);
  if (last === undefined) return 0;
  yield* tell(db.deleteFrom('event_segments').where('last_seq', '<=', last.seq));
  const cut = rows.find(({ first_seq, last_seq }) => first_seq <= last.seq && last.seq < last_seq);
  const whole = removed.filter(({ seq }) => seq < (cut?.first_seq ?? Number.POSITIVE_INFINITY));
  yield* forgetOwners(db, whole, [], last.seq);
  if (cut !== undefined) yield* cutSegment(db, cut, last.seq);
  yield* ask(
    db.updateTable('event_log').set((eb) => ({ pruned_seq: last.seq, kept: eb('kept', '-', removed.length) })),
  );
  return removed.length;
}

/** Removes the first events of a segment, up to `lastRemoved`. */
function* cutSegment(db: QueryBuilder, cut: EventSegmentsTable, lastRemoved: number): Script<void> {
  const [removed, left] = [
    eventsIn(cut).filter(({ seq }) => seq <= lastRemoved),
    eventsIn(cut).filter(({ seq }) => seq > lastRemoved),
  ];
  const { last_seq: lastSeq } = cut;
  yield* tell(
    db
      .updateTable('event_segments')
      .set(segmentRow({ lastSeq, events: left }))
      .where('last_seq', '=', lastSeq),
  );
  yield* forgetOwners(db, removed, left, lastSeq);
}

/** Of keys and profiles that have removed events, and none that are left, no segment up to `lastSeq` has any now. */
function* forgetOwners(
  db: QueryBuilder,
  removed: readonly RenderEvent[],
  left: readonly RenderEvent[],
  lastSeq: number,
): Script<void> {
  const [keys, profiles] = [without(keysIn(removed), keysIn(left)), without(profilesIn(removed), profilesIn(left))];
  if (keys.length > 0)
    yield* tell(db.deleteFrom('segment_keys').where('key_id', 'in', keys).where('last_seq', '<=', lastSeq));
  if (profiles.length > 0)
    yield* tell(db.deleteFrom('segment_profiles').where('profile_id', 'in', profiles).where('last_seq', '<=', lastSeq));
}

function without(ids: readonly string[], others: readonly string[]): readonly string[] {
  const set = new Set(others);
  return ids.filter((id) => !set.has(id));
}

/** Segments that have the oldest `limit` events, and hardly more. */
function* oldestSegments(db: QueryBuilder, limit: number): Script<readonly EventSegmentsTable[]> {
  const segments = db.selectFrom('event_segments').orderBy('last_seq');
  const found: EventSegmentsTable[] = [];
  // Once, but where a restore has left numbers out.
  for (let missing = limit; missing > 0; ) {
    const behind = found.at(-1)?.last_seq ?? 0;
    const [next] = yield* ask(segments.select('first_seq').where('last_seq', '>', behind).limit(1));
    if (next === undefined) break;
    const end = next.first_seq + missing + EVENTS_A_SEGMENT;
    const rows = yield* ask(segments.selectAll().where('last_seq', '>', behind).where('last_seq', '<', end));
    found.push(...rows);
    missing -= rows.reduce((sum, { first_seq, last_seq }) => sum + last_seq - first_seq + 1, 0);
  }
  return found;
}
