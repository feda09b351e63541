import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/key-builder.ts';
import { aRenderEvent } from '../../../test/render-event-builder.ts';
import type { JournalRecord } from '../../core/usage-journal.ts';
import { readJournal } from './read-journal.ts';
import { encodeHeader, encodeRecords } from './record-format.ts';

const HEADER = { epoch: 'ab'.repeat(16), base: 5_000 };

const numbers = fc.nat(2 ** 31);
const records: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc
    .record({ number: numbers, agent: fc.string({ unit: 'binary', maxLength: 200 }), inGrace: fc.boolean() })
    .map(({ number, agent, inGrace }) => ({
      kind: 'start' as const,
      number,
      answer: { event: aRenderEvent({ agent: agent.toWellFormed(), blocks: null }), secretOrdinal: 2, inGrace },
    })),
  numbers.map((number) => ({
    kind: 'end' as const,
    number,
    end: { at: NOON, status: 503, durationUs: number, blocks: null, bytesOut: 0 },
  })),
  numbers.map((beforeSecond) => ({ kind: 'release' as const, beforeSecond })),
);

/** Bytes of a whole file with a record in each frame, and where each ends. */
function fileOf(list: readonly JournalRecord[]) {
  const frames = [encodeHeader(HEADER), ...list.map((record) => encodeRecords([record]))];
  const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);
  return { bytes: Buffer.concat(frames), ends };
}

const recordsIn = (bytes: Buffer) => readJournal(bytes).records.map(({ record }) => record);

describe('readJournal', () => {
  it('reads what was written, each record at its position', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 12 }), (list) => {
        const { bytes, ends } = fileOf(list);
        const read = readJournal(bytes);
        expect(read).toMatchObject({ header: HEADER, damagedAt: null, end: HEADER.base + bytes.length });
        expect(read.records.map(({ record }) => record)).toEqual(list);
        expect(read.records.map(({ position }) => position)).toEqual(ends.slice(0, -1).map((end) => HEADER.base + end));
      }),
    );
  });

  it('reads what was written at once, however much it was, and all of it begins where a frame does', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (some, copies) => {
        const list = Array.from({ length: copies }, () => some).flat();
        const bytes = Buffer.concat([encodeHeader(HEADER), encodeRecords(list)]);
        const read = readJournal(bytes);
        expect(read).toMatchObject({ header: HEADER, damagedAt: null, end: HEADER.base + bytes.length });
        expect(read.records.map(({ record }) => record)).toEqual(list);
        for (const { position } of read.records) {
          expect(readJournal(bytes.subarray(0, position - HEADER.base)).end).toBe(position);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('reads files of before, whose frames have a single record without brackets around it, nor around its event', () => {
    const [start, end, release] = [
      '["s",7,1,true,5,"p","k","n","ok_d_abc","req_1","GET","/components",200,"accepted",9,null,0,0,"::1","curl",1,false]',
      '["e",7,6,200,12,null,40]',
      '["r",3]',
    ];
    const frame = (text: string) => {
      const length = Buffer.byteLength(text);
      const head = Buffer.alloc(8);
      head.writeUInt16LE(length, 0);
      head.writeUInt16LE(~length & 0xffff, 2);
      head.writeUInt32LE(crc32(text), 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    const bytes = Buffer.concat([encodeHeader(HEADER), ...[start, end, release].map(frame)]);
    const read = readJournal(bytes);
    expect(read.records.map(({ record }) => record)).toMatchObject([
      {
        kind: 'start',
        number: 7,
        answer: { secretOrdinal: 1, inGrace: true, event: { requestId: 'req_1', blocks: null } },
      },
      { kind: 'end', number: 7, end: { at: 6, status: 200, durationUs: 12, blocks: null, bytesOut: 40 } },
      { kind: 'release', beforeSecond: 3 },
    ]);
  });

  it('writes a record too long for a frame not at all', () => {
    const event = aRenderEvent({ path: `/${'x'.repeat(70_000)}` });
    const record = { kind: 'start', number: 1, answer: { event, secretOrdinal: 1, inGrace: false } } as const;
    expect(() => encodeRecords([{ kind: 'release', beforeSecond: 1 }, record])).toThrow(RangeError);
  });

  it('reads of any first part the records that are whole in it, and takes the torn one for no damage', () => {
    const list = fc.sample(records, { numRuns: 4, seed: 7 });
    const { bytes, ends } = fileOf(list);
    for (let length = 0; length <= bytes.length; length++) {
      const whole = ends.filter((end) => end <= length).length;
      const read = readJournal(bytes.subarray(0, length));
      expect(read.damagedAt).toBeNull();
      expect(read.records.map(({ record }) => record)).toEqual(list.slice(0, Math.max(0, whole - 1)));
    }
  });

  it('finds any byte that was changed, and invents nothing', () => {
    const list = fc.sample(records, { numRuns: 4, seed: 8 });
    const { bytes, ends } = fileOf(list);
    for (let place = 0; place < bytes.length; place++) {
      for (const mask of [1, 0x80, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ mask;
        const read = readJournal(changed);
        const before = ends.filter((end) => end <= place).length;
        expect(read.damagedAt, `byte ${place}`).toBe(before === 0 ? 0 : ends[before - 1]);
        expect(read.records.map(({ record }) => record)).toEqual(list.slice(0, Math.max(0, before - 1)));
      }
    }
  });

  it('finds a record that is missing in the middle in part, and one that is nothing', () => {
    const { bytes, ends } = fileOf(fc.sample(records, { numRuns: 3, seed: 9 }));
    const cut = Buffer.concat([bytes.subarray(0, (ends[1] ?? 0) - 5), bytes.subarray(ends[1])]);
    expect(readJournal(cut).damagedAt).toBe(ends[0]);
    expect(readJournal(Buffer.concat([bytes, Buffer.from('{"level":"info"}')])).damagedAt).toBe(bytes.length);
  });

  it('takes room that a file system made and never wrote for the end', () => {
    const list = fc.sample(records, { numRuns: 3, seed: 10 });
    const { bytes } = fileOf(list);
    const longer = Buffer.concat([bytes, Buffer.alloc(5000)]);
    expect(readJournal(longer).damagedAt).toBeNull();
    expect(recordsIn(longer)).toEqual(list);
    expect(readJournal(Buffer.concat([longer, Buffer.from([1])])).damagedAt).toBe(bytes.length);
  });

  it('is of nobody when it is empty, and damaged when it begins with another format', () => {
    expect(readJournal(Buffer.alloc(0))).toEqual({ header: null, records: [], end: 0, damagedAt: null });
    expect(readJournal(encodeRecords([{ kind: 'release', beforeSecond: 1 }]))).toMatchObject({
      header: null,
      damagedAt: 0,
    });
  });
});
