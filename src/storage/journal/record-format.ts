import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../../core/usage-journal.ts';
import { EVENT_VALUES, type EventValues, eventOfValues, valuesOfEvent } from '../event-values.ts';

/**
 * A frame on the disk: length of the content (2 bytes), its complement (2), CRC-32 of the content (4), all little-endian, and the
 * content as JSON: an array of records, each an array. So each byte is covered: a length that was changed does not fit its complement.
 */
const FRAME_BYTES = 8;
const MAX_CONTENT_BYTES = 0xffff;
/** Of ordinary records far from what a frame may hold. */
const RECORDS_A_FRAME = 100;

/** UTF-8 has at most three bytes for a unit of a string. */
const MAX_UNIT_BYTES = 3;

/** First frame of each file: whose journal it is, and the position at which the file begins. */
export interface JournalHeader {
  readonly epoch: string;
  readonly base: number;
}

const FORMAT = 'outkit usage journal 1';

export function encodeHeader({ epoch, base }: JournalHeader): Buffer {
  return framed([JSON.stringify([FORMAT, epoch, base])]);
}

/** The bytes of these records, in their order, several in a frame. Throws a RangeError for one that is too long to be one. */
export function encodeRecords(records: readonly JournalRecord[]): Buffer {
  const texts: string[] = [];
  for (let start = 0; start < records.length; start += RECORDS_A_FRAME) {
    addTexts(texts, records.slice(start, start + RECORDS_A_FRAME).map(contentOf));
  }
  return framed(texts);
}

/** The records as JSON, in as few frames as halving makes of them. */
function addTexts(texts: string[], contents: readonly (readonly unknown[])[]): void {
  const text = JSON.stringify(contents);
  if (contents.length === 1 || MAX_UNIT_BYTES * text.length <= MAX_CONTENT_BYTES) {
    texts.push(text);
    return;
  }
  const half = Math.ceil(contents.length / 2);
  addTexts(texts, contents.slice(0, half));
  addTexts(texts, contents.slice(half));
}

function contentOf(record: JournalRecord): readonly unknown[] {
  switch (record.kind) {
    case 'start': {
      const { event, secretOrdinal, inGrace } = record.answer;
      return ['s', record.number, secretOrdinal, inGrace, valuesOfEvent(event)];
    }
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

/** `null` for what is no records. What the checksum covers was written by `encodeRecords`, of this version or of one that wrote a record a frame. */
export function recordsOf(content: readonly unknown[]): readonly JournalRecord[] | null {
  const records = (Array.isArray(content[0]) ? content : [content]).map(recordOf);
  return records.includes(null) ? null : (records as readonly JournalRecord[]);
}

function recordOf(content: unknown): JournalRecord | null {
  const [kind, number, ...fields] = Array.isArray(content) ? (content as readonly unknown[]) : [];
  if (typeof number !== 'number') return null;
  if (kind === 'r' && fields.length === 0) return { kind: 'release', beforeSecond: number };
  if (kind === 'e' && fields.length === 5) {
    const [at, status, durationUs, blocks, bytesOut] = fields as [number, number, number, number | null, number];
    return { kind: 'end', number, end: { at, status, durationUs, blocks, bytesOut } };
  }
  if (kind !== 's') return null;
  const [secretOrdinal, inGrace, nested, ...others] = fields as [number, boolean, ...unknown[]];
  // A version before wrote the values of the event behind the others.
  const values = (Array.isArray(nested) ? nested : [nested, ...others]) as unknown as EventValues;
  if (values.length !== EVENT_VALUES) return null;
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

function framed(texts: readonly string[]): Buffer {
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
