import { expect, it } from 'vitest';
import { barrierSummary } from './barrier-times.ts';

it('the times of barriers are summed up by their nearest ranks, and by how many waited for a lease to end', () => {
  const times = Array.from({ length: 200 }, (_, index) => index + 1).reverse();
  const barriers = times.map((ms) => ({ at: 0, gateway: 'a', ms, confirmed: 3, waitedOut: ms > 197 ? 1 : 0 }));
  expect(barrierSummary(barriers)).toEqual({ count: 200, p50Ms: 100, p99Ms: 198, maxMs: 200, waitedOut: 3 });
  expect(barrierSummary(barriers.slice(0, 1))).toMatchObject({ count: 1, p50Ms: 200, p99Ms: 200, maxMs: 200 });
  expect(barrierSummary([])).toBeNull();
});
