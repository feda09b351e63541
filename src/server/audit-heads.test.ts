import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChainHead } from '../core/audit.ts';
import { HOUR_MS } from '../core/clock.ts';
import { tellAuditHeads } from './audit-heads.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the heads that have moved, of all teams, each hour and when asked, and again after it failed', async () => {
  const seqs: Record<string, number> = { one: 1, two: 0 };
  const told: string[] = [];
  const problems: unknown[] = [];
  let fails = false;
  const store = {
    listTeams: async () => Object.keys(seqs).map((id) => ({ id, name: id, createdAt: 0 })),
    auditHead: async (id: string): Promise<ChainHead> => ({ seq: seqs[id] ?? 0, hash: '' }),
  };
  const heads = tellAuditHeads(store, {
    onAuditHead: async ({ seq }, teamId) => {
      if (fails) throw new Error('disk full');
      told.push(`${teamId} ${seq}`);
    },
    onProblem: (_, error) => problems.push(error),
  });
  const next = async (act: () => Promise<unknown>) => {
    told.length = 0;
    await act();
    return [...told];
  };
  const hour = () => vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(await next(hour)).toEqual(['one 1']);
  expect(await next(hour)).toEqual([]);
  Object.assign(seqs, { one: 3, two: 1, three: 1 });
  fails = true;
  expect(await next(hour)).toEqual([]);
  expect(problems).toHaveLength(1);
  fails = false;
  expect(await next(heads.tell)).toEqual(['one 3', 'two 1', 'three 1']);
  seqs['two'] = 2;
  heads.stop();
  expect(await next(hour)).toEqual([]);
});
