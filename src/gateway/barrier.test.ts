import { expect, it } from 'vitest';
import type { GatewayMember } from '../core/gateway-store.ts';
import { waitForGateways } from './barrier.ts';
import { LEASE_OVER_MS } from './lease.ts';

const SILENT: GatewayMember = {
  epoch: 'e',
  label: 'gateway-2',
  version: '1',
  startedAt: 0,
  seenAt: 0,
  appliedSeq: 1,
  retiredAt: null,
  isDrained: false,
  isSettled: false,
};

it.each([0, 700, 2_400, 9_000])(
  'a member that was read after %i ms is settled only when a lease that it took just before is over',
  async (readTakesMs) => {
    let nowMs = 0;
    let readAtMs: number | null = null;
    const settledAtMs: number[] = [];
    const report = await waitForGateways({
      store: {
        standingMembers: async () => {
          if (readAtMs === null) nowMs += readTakesMs;
          readAtMs ??= nowMs;
          return { seq: 2, databaseTime: 0, members: [SILENT] };
        },
        settle: async (member) => {
          expect(member).toBe(SILENT);
          settledAtMs.push(nowMs);
        },
      },
      applied: {
        heard: 0,
        wait: async (ms) => {
          nowMs += ms;
        },
      },
      monotonicNow: () => nowMs,
    });
    expect(settledAtMs).toEqual([(readAtMs ?? 0) + LEASE_OVER_MS]);
    expect(report).toMatchObject({ confirmed: 0, waitedOut: 1, unconfirmed: ['gateway-2'] });
  },
);
