import type { PlacedRecord } from '../../core/journal-replay.ts';
import { frameAt, headerOf, type JournalHeader, recordOf } from './record-format.ts';

export interface JournalContent {
  /** `null` when the file ends before it says whose it is. */
  readonly header: JournalHeader | null;
  readonly records: readonly PlacedRecord[];
  /** Position behind the last record. */
  readonly end: number;
  /** Offset in the file of what is no record, though more than a torn one follows from there. `null` when all is well. */
  readonly damagedAt: number | null;
}

/** Reads records up to the end, a torn record, or damage. Nothing behind damage is read: it cannot be told what is missing before it. */
export function readJournal(bytes: Buffer): JournalContent {
  const records: PlacedRecord[] = [];
  let header: JournalHeader | null = null;
  let offset = 0;
  for (;;) {
    const frame = frameAt(bytes, offset);
    const end = (header?.base ?? 0) + offset;
    if (frame.kind === 'damaged') return { header, records, end, damagedAt: offset };
    if (frame.kind !== 'content') return { header, records, end, damagedAt: null };
    if (header === null) {
      header = headerOf(frame.content);
      if (header === null) return { header, records, end, damagedAt: offset };
    } else {
      const record = recordOf(frame.content);
      if (record === null) return { header, records, end, damagedAt: offset };
      records.push({ position: header.base + offset, record });
    }
    offset = frame.end;
  }
}
