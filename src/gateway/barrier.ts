import type { GatewayMember, GatewayStore } from '../core/gateway-store.ts';
import type { GatewayReport } from '../core/key-service.ts';
import type { AppliedHints } from './applied-hints.ts';
import { LEASE_OVER_MS } from './lease.ts';

/** Hints tell when to look. Where they do not come, none of the first looks is late by more than a third: most gateways need a few milliseconds. */
const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 25;

export interface BarrierPorts {
  readonly store: Pick<GatewayStore, 'standingMembers' | 'settle'>;
  /** Of gateways that have recorded a position. */
  readonly applied: Pick<AppliedHints, 'heard' | 'wait'>;
  readonly monotonicNow: () => number;
}

/**
 * Waits until a change that was committed before the call is in force at every gateway: each has recorded that it applied it, or, 1.25 leases
 * after they were read, has no lease any more that began before. One that was waited out is settled then, so that the next change does not wait for
 * it: it has to come back as another one.
 */
export async function waitForGateways({ store, applied, monotonicNow }: BarrierPorts): Promise<GatewayReport> {
  const startedAtMs = monotonicNow();
  // One that was heard while they were read may be in them or not: then somebody looks once too often.
  let heard = applied.heard;
  const { seq, members } = await store.standingMembers();
  // From here, not from before: one that synchronised just before it was read has a lease from then on, and is settled as it was read.
  const readAtMs = monotonicNow();
  let pending = unconfirmed(members, seq);
  while (pending.length > 0) {
    const leftMs = readAtMs + LEASE_OVER_MS - monotonicNow();
    if (leftMs <= 0) break;
    const pauseMs = Math.max(FIRST_PAUSE_MS, Math.min(MAX_PAUSE_MS, (monotonicNow() - readAtMs) / 3));
    await applied.wait(Math.min(pauseMs, leftMs), heard + pending.length);
    heard = applied.heard;
    const found = await store.standingMembers();
    const positions = new Map(found.members.map(({ epoch, appliedSeq }) => [epoch, appliedSeq]));
    // One that is not among them any more was drained, or somebody else has waited for it.
    pending = pending.filter(({ epoch }) => (positions.get(epoch) ?? seq) < seq);
  }
  // As they were before the wait: whoever has synchronised since is not settled.
  for (const member of pending) await store.settle(member);
  return {
    confirmed: members.length - pending.length,
    waitedOut: pending.length,
    ms: Math.ceil(monotonicNow() - startedAtMs),
    unconfirmed: pending.map(({ label }) => label),
  };
}

function unconfirmed(members: readonly GatewayMember[], seq: number): readonly GatewayMember[] {
  return members.filter(({ appliedSeq }) => appliedSeq < seq);
}
