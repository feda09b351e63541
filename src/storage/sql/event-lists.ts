import type { EventQuery } from '../../core/event-store.ts';
import { fitsFilter, type StoredEvent } from '../../core/render-event.ts';
import type { QueryBuilder } from './dialect.ts';
import { newestEventSeq } from './event-scripts.ts';
import { eventsIn } from './event-segments.ts';
import { ask, type Script } from './script.ts';

/** So many numbers are looked through at once. */
const SEQS_A_READ = 2_000;

/** A part of a list, and where the next one begins; `null` when this was the last. */
export interface EventsPart {
  readonly events: readonly StoredEvent[];
  readonly next: number | null;
}

/**
 * At most `limit` events of the query from the segments next to `from`, the last number of one that was read (`null`: none was). It may
 * have none of them and still not be the last part.
 */
export function* listEventsFrom(
  db: QueryBuilder,
  query: EventQuery,
  from: number | null,
  limit: number,
): Script<EventsPart> {
  const { profileIds, after, before } = query;
  const isAscending = after !== null;
  const nearest = yield* nearestSegment(db, query, from);
  if (nearest === null || profileIds.length === 0 || limit < 1) return { events: [], next: null };
  // Not beyond the newest: what is appended between two parts has to be in the second.
  const edge = isAscending ? Math.min(nearest + SEQS_A_READ, yield* newestEventSeq(db)) : nearest - SEQS_A_READ;
  const [low, high] = isAscending ? [nearest, edge] : [edge, nearest];
  const rows = yield* ask(
    db
      .selectFrom('event_segments')
      .selectAll()
      .where('last_seq', 'in', having(db, query, low, high))
      .orderBy('last_seq', isAscending ? 'asc' : 'desc')
      .limit(limit),
  );
  const profiles = new Set(profileIds);
  const fits = (event: StoredEvent) =>
    (after === null || event.seq > after) &&
    (before === null || event.seq < before) &&
    (query.since === null || event.at >= query.since) &&
    profiles.has(event.profileId) &&
    fitsFilter(event, query);
  const events: StoredEvent[] = [];
  for (const row of rows) {
    if (events.length >= limit) break;
    const found = eventsIn(row).filter(fits);
    events.push(...(isAscending ? found : found.reverse()));
  }
  const last = rows.at(-1);
  return { events: events.slice(0, limit), next: last !== undefined && rows.length === limit ? last.last_seq : edge };
}

/** The last numbers of the segments between two that have events of the key, or of one of the profiles. */
function having(db: QueryBuilder, { keyId, profileIds }: EventQuery, low: number, high: number) {
  return keyId === null
    ? db
        .selectFrom('segment_profiles')
        .select('last_seq')
        .where('profile_id', 'in', profileIds)
        .where((eb) => eb.between('last_seq', low, high))
    : db
        .selectFrom('segment_keys')
        .select('last_seq')
        .where('key_id', '=', keyId)
        .where((eb) => eb.between('last_seq', low, high));
}

/** The last number of the segment that a part begins with. */
function* nearestSegment(db: QueryBuilder, { after, before }: EventQuery, from: number | null): Script<number | null> {
  const segments = db.selectFrom('event_segments').select('last_seq').limit(1);
  if (after !== null) {
    const [next] = yield* ask(segments.where('last_seq', '>', from ?? after).orderBy('last_seq', 'asc'));
    return next?.last_seq ?? null;
  }
  if (from === null && before !== null) {
    // The number before stands in it, unless it is beyond the newest.
    const [holding] = yield* ask(segments.where('last_seq', '>=', before - 1).orderBy('last_seq', 'asc'));
    if (holding !== undefined) return holding.last_seq;
  }
  const below = from === null ? segments : segments.where('last_seq', '<', from);
  const [newest] = yield* ask(below.orderBy('last_seq', 'desc'));
  return newest?.last_seq ?? null;
}
