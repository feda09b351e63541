import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../../core/usage-journal.ts';
import { EVENT_VALUES, type EventValues, eventOfValues, valuesOfEvent } from '../event-values.ts';

/**
 * A record on the disk: length of the content (2 bytes), its complement (2), CRC-32 of the content (4), all little-endian, and the
 * content as a JSON array. So each byte is covered: a length that was changed does not fit its complement.
 */
const FRAME_BYTES = 8;
const MAX_CONTENT_BYTES = 0xffff;

/** First record of each file: whose journal it is, and the position at which the file begins. */
export interface JournalHeader {
  readonly epoch: string;
  readonly base: number;
}

const FORMAT = 'outkit usage journal 1';

export function encodeHeader({ epoch, base }: JournalHeader): Buffer {
  return framed([[FORMAT, epoch, base]]);
}

/** The bytes of these records, one behind the other. Throws a RangeError for one that is too long to be one. */
export function encodeRecords(records: readonly JournalRecord[]): Buffer {
  return framed(records.map(contentOf));
}

function contentOf(record: JournalRecord): readonly unknown[] {
  switch (record.kind) {
    case 'start':
      return [
        's',
        record.number,
        record.answer.secretOrdinal,
        record.answer.inGrace,
        ...valuesOfEvent(record.answer.event),
      ];
    case 'end': {
      const { at, status, durationUs, blocks, bytesOut } = record.end;
      return ['e', record.number, at, status, durationUs, blocks, bytesOut];
    }
    case 'release':
      return ['r', record.beforeSecond];
  }
}

/** What stands at a place of a file. `torn`: a record that was not written to its end. `damaged`: no record that was ever written. */
export type Frame =
  | { readonly kind: 'content'; readonly content: readonly unknown[]; readonly end: number }
  | { readonly kind: 'end' | 'torn' | 'damaged' };

export function frameAt(bytes: Buffer, offset: number): Frame {
  const left = bytes.length - offset;
  if (left === 0) return { kind: 'end' };
  // A file system may have made room for what it then did not get to write.
  if (bytes[offset] === 0 && bytes.subarray(offset).every((byte) => byte === 0)) return { kind: 'torn' };
  if (left < 4) return { kind: 'torn' };
  const length = bytes.readUInt16LE(offset);
  if (bytes.readUInt16LE(offset + 2) !== (~length & 0xffff)) return { kind: 'damaged' };
  const end = offset + FRAME_BYTES + length;
  if (end > bytes.length) return { kind: 'torn' };
  const content = bytes.subarray(offset + FRAME_BYTES, end);
  if (crc32(content) !== bytes.readUInt32LE(offset + 4)) return { kind: 'damaged' };
  const fields = arrayIn(content.toString());
  return fields === null ? { kind: 'damaged' } : { kind: 'content', content: fields, end };
}

/** `null` for what is no header of this format. */
export function headerOf([format, epoch, base]: readonly unknown[]): JournalHeader | null {
  if (format !== FORMAT || typeof epoch !== 'string' || typeof base !== 'number') return null;
  return { epoch, base };
}

/** `null` for what is no record. What the checksum covers was written by `encodeRecords`. */
export function recordOf(content: readonly unknown[]): JournalRecord | null {
  const [kind, number, ...fields] = content;
  if (typeof number !== 'number') return null;
  if (kind === 'r' && fields.length === 0) return { kind: 'release', beforeSecond: number };
  if (kind === 'e' && fields.length === 5) {
    const [at, status, durationUs, blocks, bytesOut] = fields as [number, number, number, number | null, number];
    return { kind: 'end', number, end: { at, status, durationUs, blocks, bytesOut } };
  }
  if (kind !== 's' || fields.length !== 2 + EVENT_VALUES) return null;
  const [secretOrdinal, inGrace, ...values] = fields as [number, boolean, ...EventValues];
  return { kind: 'start', number, answer: { event: eventOfValues(values), secretOrdinal, inGrace } };
}

function arrayIn(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** UTF-8 has at most three bytes for a unit of a string. */
const MAX_UNIT_BYTES = 3;

function framed(contents: readonly (readonly unknown[])[]): Buffer {
  const texts = contents.map((content) => JSON.stringify(content));
  const most = texts.reduce((sum, text) => sum + FRAME_BYTES + MAX_UNIT_BYTES * text.length, 0);
  const bytes = Buffer.allocUnsafe(most);
  let end = 0;
  for (const text of texts) {
    const start = end + FRAME_BYTES;
    const length = bytes.write(text, start);
    if (length > MAX_CONTENT_BYTES) throw new RangeError(`a record of ${length} bytes is too long`);
    bytes.writeUInt16LE(length, end);
    bytes.writeUInt16LE(~length & 0xffff, end + 2);
    bytes.writeUInt32LE(crc32(bytes.subarray(start, start + length)), end + 4);
    end = start + length;
  }
  return bytes.subarray(0, end);
}
