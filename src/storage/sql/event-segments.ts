import type { RenderEvent, StoredEvent } from '../../core/render-event.ts';
import { type EventValues, eventOfValues, requireEventNumbers, valuesOfEvent } from '../event-values.ts';
import type { QueryBuilder, SqlDialect } from './dialect.ts';
import { toldRowsTemplate } from './rows-template.ts';
import type { EventSegmentsTable, SegmentKeysTable, SegmentProfilesTable } from './schema.ts';
import type { Script } from './script.ts';

/** So many events are in one row at most: a row costs as much as several events, and to look at one event all of its row is read. */
export const EVENTS_A_SEGMENT = 256;

/** Inserts events whose numbers begin with `firstSeq`, in segments, and says of whom each segment has events. */
export function segmentInserter(db: QueryBuilder, dialect: SqlDialect) {
  const segments = toldRowsTemplate<EventSegmentsTable>(
    dialect,
    { last_seq: 'integer', first_seq: 'integer', events: 'text' },
    ({ columns, inserted }) => db.insertInto('event_segments').columns(columns).expression(inserted),
  );
  const keys = toldRowsTemplate<SegmentKeysTable>(
    dialect,
    { key_id: 'text', last_seq: 'integer' },
    ({ columns, inserted }) => db.insertInto('segment_keys').columns(columns).expression(inserted),
  );
  const profiles = toldRowsTemplate<SegmentProfilesTable>(
    dialect,
    { profile_id: 'text', last_seq: 'integer' },
    ({ columns, inserted }) => db.insertInto('segment_profiles').columns(columns).expression(inserted),
  );
  return function* insert(firstSeq: number, events: readonly RenderEvent[]): Script<void> {
    requireEventNumbers(events);
    const parts = partsOf(firstSeq, events);
    yield* segments(parts.map(segmentRow));
    yield* keys(
      parts.flatMap(({ lastSeq, events }) => keysIn(events).map((key_id) => ({ key_id, last_seq: lastSeq }))),
    );
    yield* profiles(
      parts.flatMap(({ lastSeq, events }) => profilesIn(events).map((id) => ({ profile_id: id, last_seq: lastSeq }))),
    );
  };
}

/** Events that stand in one row, one number behind the other. */
interface Segment {
  readonly lastSeq: number;
  readonly events: readonly RenderEvent[];
}

export function segmentRow({ lastSeq, events }: Segment): EventSegmentsTable {
  return {
    last_seq: lastSeq,
    first_seq: lastSeq - events.length + 1,
    events: JSON.stringify(events.map(valuesOfEvent)),
  };
}

/** The events of a row, oldest first. */
export function eventsIn({ first_seq, events }: EventSegmentsTable): readonly StoredEvent[] {
  const all = JSON.parse(events) as readonly EventValues[];
  return all.map((values, index) => ({ ...eventOfValues(values), seq: first_seq + index }));
}

export function keysIn(events: readonly RenderEvent[]): readonly string[] {
  return [...new Set(events.map(({ keyId }) => keyId))];
}

export function profilesIn(events: readonly RenderEvent[]): readonly string[] {
  return [...new Set(events.map(({ profileId }) => profileId))];
}

function partsOf(firstSeq: number, events: readonly RenderEvent[]): readonly Segment[] {
  const parts: Segment[] = [];
  for (let start = 0; start < events.length; start += EVENTS_A_SEGMENT) {
    const part = events.slice(start, start + EVENTS_A_SEGMENT);
    parts.push({ lastSeq: firstSeq + start + part.length - 1, events: part });
  }
  return parts;
}
