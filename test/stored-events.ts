import type { StoredEvent } from '../src/core/render-event.ts';
import { eventsIn } from '../src/storage/sql/event-segments.ts';
import type { EventSegmentsTable } from '../src/storage/sql/schema.ts';

/** Its rows are for `storedEvents`. For tests that look into a database past the store. */
export const ALL_SEGMENTS = 'select * from event_segments order by last_seq';

/** The events of rows as a driver gives them, oldest first. */
export function storedEvents(rows: readonly unknown[]): readonly StoredEvent[] {
  return (rows as readonly EventSegmentsTable[]).flatMap((row) =>
    eventsIn({ ...row, first_seq: Number(row.first_seq), last_seq: Number(row.last_seq) }),
  );
}
