import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withKeys } from '../../test/contract/event-store/lists.ts';
import { eventsOf, record, sampleEvent, seqsOf } from '../../test/contract/event-store/samples.ts';
import { sampleKey, usageRow } from '../../test/contract/key-store/samples.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts';
import { dayOf } from '../core/usage.ts';
import { windowStart } from '../core/usage-series.ts';
import { MemoryKeyStore } from '../storage/memory/memory-key-store.ts';
import { tidyRegularly } from './retention.ts';

const NOW = 2_000 * DAY_MS + 7 * HOUR_MS;

let store: MemoryKeyStore;
let steps: number[];
const problems: unknown[] = [];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  store = new MemoryKeyStore();
  await withKeys({ store, cleanup: async () => {} });
  steps = [];
  const pruneEvents = store.pruneEvents.bind(store);
  store.pruneEvents = async (before, keep, limit) => {
    steps.push(limit);
    return pruneEvents(before, keep, limit);
  };
});
afterEach(() => vi.useRealTimers());

const start = (eventLimit = 10_000) =>
  tidyRegularly(store, { now: () => NOW }, { eventDays: 7, eventLimit }, (_what, error) => void problems.push(error));
const at = (days: number, count: number) =>
  Array.from({ length: count }, (_, number) => sampleEvent(number, { at: NOW - days * DAY_MS }));

/** Until nothing is being removed: each step is a turn of its own. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

test('once a minute the events of more than 7 days are removed, in small steps', async () => {
  await record(store, [...at(7.01, 5_250), ...at(7, 2)]);
  const stop = start();
  await settled();
  expect(steps).toEqual([]);
  vi.advanceTimersByTime(MINUTE_MS);
  await settled();
  expect(steps.length).toBeGreaterThan(2);
  expect(Math.max(...steps)).toBeLessThanOrEqual(2_000);
  expect(seqsOf(await store.listEvents(eventsOf()))).toEqual([5_252, 5_251]);
  await stop();
});

test('of many only the newest are kept', async () => {
  await record(store, at(0, 1_250));
  const stop = start(1_000);
  vi.advanceTimersByTime(MINUTE_MS);
  await settled();
  expect(await store.prunedEventSeq()).toBe(250);
  await stop();
});

test('hours that no window of hours needs are added up to days, in small steps, and younger ones stay', async () => {
  const today = dayOf(NOW);
  const rows = Array.from({ length: 60 * 24 }, (_, index) =>
    usageRow(sampleKey(1).id, { hour: today - 59 * DAY_MS + index * HOUR_MS, served: 1 }),
  );
  await store.recordUsage({ rows, lastUses: [], events: [], journal: null, at: 0 });
  const rollUpUsage = vi.spyOn(store, 'rollUpUsage');
  const stop = start();
  vi.advanceTimersByTime(MINUTE_MS);
  await settled();
  const found = await store.usageOf(sampleKey(1).id, 0);
  const hours = found.filter(({ hour }) => hour >= windowStart(30 * DAY_MS, NOW));
  const days = found.filter(({ hour }) => hour < dayOf(windowStart(30 * DAY_MS, NOW)));
  expect(hours).toEqual(rows.filter(({ hour }) => hour >= windowStart(30 * DAY_MS, NOW)));
  expect(days.map(({ hour, served }) => [(today - hour) / DAY_MS, served])).toEqual(
    Array.from({ length: 29 }, (_, index) => [59 - index, 24]),
  );
  expect(rollUpUsage.mock.calls.length).toBeGreaterThan(3);
  expect(Math.max(...rollUpUsage.mock.calls.map(([, limit]) => limit))).toBeLessThanOrEqual(2_000);
  await stop();
});

test('a failure is reported, and the next minute is another attempt', async () => {
  await record(store, at(8, 10));
  const { pruneEvents } = store;
  store.pruneEvents = async () => {
    throw new Error('disk full');
  };
  const stop = start();
  vi.advanceTimersByTime(MINUTE_MS);
  await settled();
  expect(problems).toEqual([new Error('disk full')]);
  store.pruneEvents = pruneEvents;
  vi.advanceTimersByTime(MINUTE_MS);
  await settled();
  expect(await store.prunedEventSeq()).toBe(10);
  await stop();
});

test('after the stop nothing more is removed, though there is more', async () => {
  await record(store, at(8, 5_000));
  const stop = start();
  vi.advanceTimersByTime(MINUTE_MS);
  await stop();
  const count = steps.length;
  await settled();
  vi.advanceTimersByTime(10 * MINUTE_MS);
  await settled();
  expect(steps.length).toBe(count);
  expect(await store.prunedEventSeq()).toBeLessThan(5_000);
});
