import { SHOWN_BARRIERS } from '../core/barrier-times.ts';
import { HOUR_MS } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { GatewayService, GatewayState, GatewaySummary } from '../core/gateway-service.ts';
import type { GatewayMember, GatewayStore, Snapshot } from '../core/gateway-store.ts';
import { LEASE_OVER_MS } from './lease.ts';

export interface GatewayServicePorts {
  readonly store: Pick<GatewayStore, 'listGateways' | 'findGateway' | 'retire' | 'settle' | 'listBarriers'>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Told of each gateway that is taken away. */
  readonly onNotice: (what: string) => void;
}

/** The gateways of a database that several may share. */
export function gatewayService({ store, monotonicNow, sleep, onNotice }: GatewayServicePorts): GatewayService {
  async function leaseOver(): Promise<void> {
    const endMs = monotonicNow() + LEASE_OVER_MS;
    // A timer may fire a little early.
    for (let leftMs = LEASE_OVER_MS; leftMs > 0; leftMs = endMs - monotonicNow()) await sleep(leftMs);
  }

  return {
    async list() {
      const { members, ...snapshot } = await store.listGateways(HOUR_MS);
      return members.map((member) => summaryOf(member, snapshot));
    },
    async evict(id) {
      const isNew = await store.retire(id, { isDrained: false });
      // Read behind it: no lease begins from here on.
      const member = await store.findGateway(id);
      if (member === null) throw noSuchGateway();
      if (isNew) onNotice(`gateway ${member.label} (${id}) was evicted`);
      if (!member.isSettled) {
        await leaseOver();
        await store.settle(member);
      }
      return { id, state: retiredState(member) };
    },
    barriers: () => store.listBarriers(SHOWN_BARRIERS),
  };
}

export function noSuchGateway(): OutkitError {
  return new OutkitError('not_found', 'No such gateway', 'outkit gateways list');
}

function summaryOf(member: GatewayMember, { seq, databaseTime }: Snapshot): GatewaySummary {
  const { epoch, label, version, startedAt, seenAt, appliedSeq, retiredAt } = member;
  const isSeen = databaseTime - seenAt <= LEASE_OVER_MS;
  return {
    id: epoch,
    name: label,
    version,
    state: retiredAt === null ? (isSeen ? 'serving' : 'silent') : retiredState(member),
    startedAt,
    seenAt,
    appliedSeq,
    // It may have recorded a change that came behind the snapshot.
    behind: retiredAt === null ? Math.max(0, seq - appliedSeq) : null,
    retiredAt,
  };
}

function retiredState({ isDrained }: GatewayMember): GatewayState {
  return isDrained ? 'drained' : 'retired';
}
