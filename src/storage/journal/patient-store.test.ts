import { expect, test } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import type { UsageBatch } from '../../core/usage.ts';
import { patientStore } from './patient-store.ts';

const BATCH: UsageBatch = { rows: [], lastUses: [], events: [], journal: { epoch: 'e', position: 1 }, at: 0 };
const BUSY = new OutkitError('unavailable', 'busy');

/** A store that fails so often; `null` for ever. */
function failing(times: number | null, error: Error) {
  const handed: UsageBatch[] = [];
  const problems: unknown[] = [];
  const pausesMs: number[] = [];
  const store = patientStore(
    {
      journalPosition: async () => 3,
      async recordUsage(batch) {
        handed.push(batch);
        if (times === null || handed.length <= times) throw error;
        return [];
      },
    },
    {
      sleep: async (ms) => pausesMs.push(ms),
      onProblem: (_what, cause) => problems.push(cause),
    },
  );
  return { store, handed, problems, pausesMs };
}

test('what a busy database refuses is tried again as it was, and said once', async () => {
  const { store, handed, problems } = failing(4, BUSY);
  expect(await store.recordUsage(BATCH)).toEqual([]);
  expect(handed).toEqual(Array(5).fill(BATCH));
  expect(problems).toEqual([BUSY]);
  expect(await store.journalPosition('e')).toBe(3);
});

test('after 15 s of pauses the error comes out', async () => {
  const { store, handed, pausesMs } = failing(null, BUSY);
  await expect(store.recordUsage(BATCH)).rejects.toBe(BUSY);
  expect([handed.length, pausesMs]).toEqual([5, [1_000, 2_000, 4_000, 8_000]]);
});

test('a mistake is not tried again', async () => {
  const { store, handed, problems } = failing(null, new Error('no such key'));
  await expect(store.recordUsage(BATCH)).rejects.toThrow('no such key');
  expect([handed.length, problems]).toEqual([1, []]);
});
