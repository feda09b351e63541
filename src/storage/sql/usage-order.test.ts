import { expect, test } from 'vitest';
import { lastUse, usageRow } from '../../../test/contract/key-store/samples.ts';
import { inOneOrder } from './usage-order.ts';

const BATCH = { rows: [], lastUses: [], events: [], journal: null, at: null };

test('rows of one place become one, and all come in one order, however they came', () => {
  const rows = [
    usageRow('b', { served: 1, durations: new Map([[7, 1]]) }),
    usageRow('a', { hour: 5, served: 1 }),
    usageRow('b', {
      served: 2,
      durations: new Map([
        [7, 2],
        [8, 1],
      ]),
    }),
    usageRow('a', { hour: 5, inGrace: true, served: 4 }),
    usageRow('a', { secretOrdinal: 2, served: 8 }),
  ];
  const expected = [
    usageRow('a', { hour: 5, served: 1 }),
    usageRow('a', { hour: 5, inGrace: true, served: 4 }),
    usageRow('a', { secretOrdinal: 2, served: 8 }),
    usageRow('b', {
      served: 3,
      durations: new Map([
        [7, 3],
        [8, 1],
      ]),
    }),
  ];
  expect(inOneOrder({ ...BATCH, rows }).rows).toEqual(expected);
  expect(inOneOrder({ ...BATCH, rows: rows.toReversed() }).rows).toEqual(expected);
  expect(rows[0]?.served).toBe(1);
});

test.each([-1, 0.5, Number.NaN])('a count of %d is refused, also where the sum would be well', (served) => {
  expect(() => inOneOrder({ ...BATCH, rows: [usageRow('a', { served }), usageRow('a', { served: 1.5 })] })).toThrow(
    'not a count',
  );
});

test('of the last uses of a secret the latest is left, of two at one time the first', () => {
  const first = lastUse('a', { at: 9, ip: '192.0.2.1' });
  const second = lastUse('a', { at: 9, ip: '192.0.2.2' });
  const other = lastUse('a', { secretOrdinal: 2, at: 3 });
  const { lastUses } = inOneOrder({ ...BATCH, lastUses: [other, lastUse('a', { at: 8 }), first, second] });
  expect(lastUses).toEqual([first, other]);
});
