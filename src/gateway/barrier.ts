import type { GatewayMember, GatewayStore } from '../core/gateway-store.ts';
import type { GatewayReport } from '../core/key-service.ts';
import { LEASE_MS, LEASE_OVER_MS } from './lease.ts';

/** A gateway that has not synchronised for so long is taken out by the change that waited for it: only the first one pays. */
const SILENT_MS = 5 * LEASE_MS;

/** The first looks follow one another quickly: most gateways have applied a change in a few milliseconds. */
const FIRST_PAUSE_MS = 1;
const MAX_PAUSE_MS = 25;

export interface BarrierPorts {
  readonly store: Pick<GatewayStore, 'standingMembers' | 'retire'>;
  /** Tells all gateways that there is a change. May be lost. */
  readonly sendHint: () => void;
  readonly monotonicNow: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * Waits until a change that was committed before the call is in force at every gateway: each has recorded that it applied it, or, 1.25 leases
 * after the commit, has no lease any more that began before.
 */
export async function waitForGateways({ store, sendHint, monotonicNow, sleep }: BarrierPorts): Promise<GatewayReport> {
  const startedAtMs = monotonicNow();
  const { seq, members } = await store.standingMembers(LEASE_OVER_MS);
  sendHint();
  const waited = new Map(members.map((member) => [member.epoch, member]));
  let pending = unconfirmed(members, seq);
  let pauseMs = FIRST_PAUSE_MS;
  while (pending.length > 0) {
    const leftMs = startedAtMs + LEASE_OVER_MS - monotonicNow();
    if (leftMs <= 0) break;
    await sleep(Math.min(pauseMs, leftMs));
    pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    const now = new Map((await store.standingMembers(LEASE_OVER_MS)).members.map((member) => [member.epoch, member]));
    // One that is not among them any more has stopped admitting, or was retired for so long that its lease is over.
    pending = unconfirmed(
      pending.flatMap(({ epoch }) => now.get(epoch) ?? []),
      seq,
    );
  }
  for (const { epoch } of pending) await store.retire(epoch, { isDrained: false, silentMs: SILENT_MS });
  const labels = pending.map(({ label }) => label);
  const confirmed = waited.size - pending.length;
  return { confirmed, waitedOut: pending.length, ms: Math.ceil(monotonicNow() - startedAtMs), unconfirmed: labels };
}

function unconfirmed(members: readonly GatewayMember[], seq: number): readonly GatewayMember[] {
  return members.filter(({ appliedSeq }) => appliedSeq < seq);
}
