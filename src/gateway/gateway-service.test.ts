import { expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { HOUR_MS } from '../core/clock.ts';
import type { GatewayMember } from '../core/gateway-store.ts';
import { gatewayService } from './gateway-service.ts';
import { LEASE_OVER_MS } from './lease.ts';

const ONE: GatewayMember = {
  epoch: '1'.repeat(32),
  label: 'gateway-1',
  version: '1.2.3',
  startedAt: NOON - 5_000,
  seenAt: NOON,
  appliedSeq: 7,
  retiredAt: null,
  isDrained: false,
  isSettled: false,
};
const DRAINED = { retiredAt: NOON - 1, isDrained: true, isSettled: true };

/** The service over one row, and a clock on which timers fire early by `earlyMs`. */
function serving(fields: Partial<GatewayMember> = {}, earlyMs = 0) {
  let member: GatewayMember = { ...ONE, ...fields };
  const steps: string[] = [];
  const notices: string[] = [];
  const clock = { now: 1_000 };
  let withinMs = 0;
  const service = gatewayService({
    store: {
      async listGateways(within) {
        withinMs = within;
        return { seq: 9, databaseTime: NOON, members: [member] };
      },
      findGateway: async (epoch) => (epoch === member.epoch ? member : null),
      async retire(epoch) {
        if (epoch !== member.epoch || member.retiredAt !== null) return false;
        steps.push('retire');
        member = { ...member, retiredAt: NOON };
        return true;
      },
      listBarriers: async () => [],
      async settle(read) {
        steps.push(read.retiredAt === null ? 'settle as it ran' : 'settle');
        member = { ...member, isSettled: true };
      },
    },
    monotonicNow: () => clock.now,
    async sleep(ms) {
      steps.push(`sleep ${ms}`);
      clock.now += steps.length > 2 ? ms : ms - earlyMs;
    },
    onNotice: (what) => notices.push(what),
  });
  return { service, steps, notices, withinMs: () => withinMs };
}

it.each([
  ['serving', 'seen within 1.25 leases', { seenAt: NOON - LEASE_OVER_MS }, 2],
  ['silent', 'not seen for longer', { seenAt: NOON - LEASE_OVER_MS - 1 }, 2],
  ['serving', 'recorded more than the list knows of', { appliedSeq: 10 }, 0],
  ['retired', 'retired, and may have a lease', { retiredAt: NOON }, null],
  ['retired', 'retired and waited for', { retiredAt: NOON, isSettled: true }, null],
  ['drained', 'drained', DRAINED, null],
] as const)('a gateway is %s when it is %s', async (state, _, fields, behind) => {
  const { service, withinMs } = serving(fields);
  expect(await service.list()).toMatchObject([{ id: ONE.epoch, name: 'gateway-1', state, behind }]);
  expect(withinMs()).toBe(HOUR_MS);
});

it('evict retires, waits until no lease is left that began before, and then settles', async () => {
  const { service, steps, notices } = serving();
  expect(await service.evict(ONE.epoch)).toEqual({ id: ONE.epoch, state: 'retired' });
  expect(steps).toEqual(['retire', 'sleep 2500', 'settle']);
  expect(notices).toEqual([`gateway gateway-1 (${ONE.epoch}) was evicted`]);
});

it('evict sleeps again when a timer fired early', async () => {
  const { service, steps } = serving({}, 3);
  await service.evict(ONE.epoch);
  expect(steps).toEqual(['retire', 'sleep 2500', 'sleep 3', 'settle']);
});

it('evict of one that is retired already waits for its lease all the same, and tells nobody again', async () => {
  const { service, steps, notices } = serving({ retiredAt: NOON });
  expect(await service.evict(ONE.epoch)).toEqual({ id: ONE.epoch, state: 'retired' });
  expect([steps, notices]).toEqual([['sleep 2500', 'settle'], []]);
});

it.each([
  ['drained', DRAINED],
  ['retired', { retiredAt: NOON - 1, isSettled: true }],
] as const)('evict of one that nothing waits for answers %s at once, however often', async (state, fields) => {
  const { service, steps } = serving(fields);
  for (let round = 0; round < 2; round++) expect(await service.evict(ONE.epoch)).toEqual({ id: ONE.epoch, state });
  expect(steps).toEqual([]);
});

it('evict of one that was never there is not_found, and waits for nothing', async () => {
  const { service, steps, notices } = serving();
  await expect(service.evict('2'.repeat(32))).rejects.toMatchObject({ code: 'not_found' });
  expect([steps, notices]).toEqual([[], []]);
});
