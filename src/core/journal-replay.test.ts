import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { aRenderEvent } from '../../test/render-event-builder.ts';
import { type PlacedRecord, type Replay, replay } from './journal-replay.ts';
import { totalUsage } from './usage.ts';
import { type JournalRecord, REPLAYED } from './usage-journal.ts';
import type { Counted } from './usage-tally.ts';

const start = (number: number, status = 200, at = NOON): JournalRecord => {
  const verdict = status === 401 ? 'revoked' : status === 429 ? 'rate_limited' : 'accepted';
  const event = aRenderEvent({ at, status, verdict, requestId: `req_${number}`, keyId: `key_${number % 3}` });
  return { kind: 'start', number, answer: { event, secretOrdinal: 1, inGrace: false } };
};
const end = (number: number, status = 200, at = NOON): JournalRecord => {
  return { kind: 'end', number, end: { at, status, durationUs: 5, blocks: 1, bytesOut: 9 } };
};
/** So many at a time were written at once. */
const placed = (records: readonly JournalRecord[], atOnce = 1): PlacedRecord[] =>
  records.map((record, index) => ({ position: Math.floor(index / atOnce) + 1, record }));
const few = fc.integer({ min: 1, max: 5 });
const sums = ({ rows }: Counted) => totalUsage(rows);

const logged = ({ events }: Counted) => events.reduce((sum, { count }) => sum + count, 0);

/** Refused answers that are over and not released yet. */
function stillHeld(records: readonly PlacedRecord[]): number {
  let held: number[] = [];
  for (const { record } of records) {
    if (record.kind === 'release') held = held.filter((second) => second >= record.beforeSecond);
    if (record.kind === 'end' && [401, 429].includes(record.end.status)) held.push(Math.floor(record.end.at / 1000));
  }
  return held.length;
}

/** Answers that begin and end in any order, some of them never, and releases between them. */
const lives = fc
  .array(
    fc.record({
      status: fc.constantFrom(200, 400, 401, 429, 500),
      ends: fc.boolean(),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    {
      maxLength: 30,
    },
  )
  .map((answers) => {
    const records: { order: number; record: JournalRecord }[] = [];
    for (const [index, { status, ends, place }] of answers.entries()) {
      const at = NOON + index * 300;
      records.push({ order: index, record: start(index, status, at) });
      if (ends) records.push({ order: index + place * 4, record: end(index, status, at) });
      if (index % 5 === 4)
        records.push({ order: index + 0.5, record: { kind: 'release', beforeSecond: Math.floor(at / 1000) } });
    }
    return records.sort((left, right) => left.order - right.order).map(({ record }) => record);
  });

describe('replay', () => {
  it('counts and logs, from any position, exactly what was not counted and not logged before it', () => {
    fc.assert(
      fc.property(lives, fc.nat(80), few, (records, cut, atOnce) => {
        const whole = replay(placed(records), 0, false).counted;
        const rest = replay(placed(records, atOnce), cut, false).counted;
        // A process counts ends as they come and says nothing of open starts, as a replay does of a damaged file.
        const first = placed(records, atOnce).filter(({ position }) => position < cut);
        const before = replay(first, 0, true).counted;
        expect(totalUsage([sums(before), sums(rest)])).toEqual(sums(whole));
        expect(logged(before) - stillHeld(first) + logged(rest)).toBe(logged(whole));
      }),
    );
  });

  it('counts and logs in parts of any size what it does at once, and nothing twice', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 12 }), few, (records, most, atOnce) => {
        const whole = replay(placed(records), 0, false);
        const parts: Replay[] = [];
        for (let position = 0; position < REPLAYED; position = parts.at(-1)?.position ?? REPLAYED) {
          parts.push(replay(placed(records, atOnce), position, false, most));
        }
        expect(totalUsage(parts.map(({ counted }) => sums(counted)))).toEqual(sums(whole.counted));
        expect(parts.flatMap(({ counted }) => counted.events)).toEqual(whole.counted.events);
        expect(parts.at(-1)).toMatchObject({ interrupted: whole.interrupted, latest: whole.latest });
      }),
    );
  });

  it('has an event for every answer, one of refused ones of the same key, verdict and second, and their sums add up', () => {
    fc.assert(
      fc.property(lives, (records) => {
        const answers = records.filter(({ kind }) => kind !== 'release');
        const { counted } = replay(placed(answers), 0, false);
        const total = Object.values(sums(counted)).reduce((left, right) => left + right, 0);
        expect(counted.events.reduce((sum, { count }) => sum + count, 0)).toBe(total);
        const held = counted.events
          .filter(({ verdict, isInterrupted }) => verdict !== 'accepted' && !isInterrupted)
          .map(({ keyId, verdict, at }) => `${keyId} ${verdict} ${Math.floor(at / 1000)}`);
        expect(new Set(held).size).toBe(held.length);
      }),
    );
  });

  it('makes an interrupted server error of a start without an end, with the status that was about to be answered', () => {
    const { counted, interrupted } = replay(placed([start(1), start(2), end(1)]), 0, false);
    expect(interrupted).toBe(1);
    expect(sums(counted)).toMatchObject({ served: 1, serverErrors: 1 });
    expect(counted.events.map(({ requestId, status, isInterrupted }) => [requestId, status, isInterrupted])).toEqual([
      ['req_1', 200, false],
      ['req_2', 200, true],
    ]);
  });

  it('says nothing of answers whose ends may stand behind damage', () => {
    const { counted, interrupted } = replay(placed([start(1), start(2), end(1)]), 0, true);
    expect(interrupted).toBe(0);
    expect(sums(counted)).toMatchObject({ served: 1, serverErrors: 0 });
  });

  it('gives no event twice that was released before the position, and every one that was not', () => {
    const second = Math.floor(NOON / 1000);
    const records = [
      start(3, 401),
      end(3, 401),
      { kind: 'release', beforeSecond: second + 1 } as const,
      start(6, 401),
      end(6, 401),
      start(9, 401, NOON + 1),
      end(9, 401, NOON + 1),
    ];
    const eventsFrom = (position: number) =>
      replay(placed(records), position, false).counted.events.map(({ count }) => count);
    // Behind the second end: the first event is in the log, and the one of the two that follow is not.
    expect(eventsFrom(6)).toEqual([2]);
    // Before the release was stored, its event is not in the log either.
    expect(eventsFrom(3)).toEqual([1, 2]);
  });

  it('knows the latest time, of an end or of a start', () => {
    expect(
      replay(placed([start(1, 200, NOON), end(1, 200, NOON + 70), start(2, 200, NOON + 50)]), 0, false).latest,
    ).toBe(NOON + 70);
    expect(replay([], 0, false).latest).toBe(0);
  });
});
