import type { PlacedRecord } from '../../core/journal-replay.ts';
import { frameAt, headerOf, type JournalHeader, recordsOf } from './record-format.ts';

export interface JournalContent {
  /** `null` when the file ends before it says whose it is. */
  readonly header: JournalHeader | null;
  readonly records: readonly PlacedRecord[];
  /** Position behind the last frame. */
  readonly end: number;
  /** Offset in the file of what is no record, though more than a torn one follows from there. `null` when all is well. */
  readonly damagedAt: number | null;
}

/** Reads records up to the end, a torn frame, or damage. Nothing behind damage is read: it cannot be told what is missing before it. */
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
      const found = recordsOf(frame.content);
      if (found === null) return { header, records, end, damagedAt: offset };
      const position = header.base + offset;
      records.push(...found.map((record) => ({ position, record })));
    }
    offset = frame.end;
  }
}
