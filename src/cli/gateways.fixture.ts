import type { BarrierTime } from '../core/barrier-times.ts';
import { OutkitError } from '../core/errors.ts';
import type { EvictedGateway, GatewayService, GatewaySummary } from '../core/gateway-service.ts';

/** An id of a gateway that begins with these characters. */
export function gatewayId(start: string): string {
  return start.padEnd(32, '0');
}

/** Gateways in memory, none at first. */
export class FakeGateways implements GatewayService {
  gateways: GatewaySummary[] = [];
  barrierTimes: BarrierTime[] = [];
  /** Ids, in the order in which they were to be evicted. */
  readonly evictions: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** One that has served for an hour, and was seen just now. */
  add(fields: Partial<GatewaySummary> & { readonly id: string }): void {
    const times = { startedAt: this.#now() - 3_600_000, seenAt: this.#now(), retiredAt: null };
    const rest = { version: '1.2.3', state: 'serving', appliedSeq: 7, behind: 0 } as const;
    this.gateways.push({ name: `gateway-${this.gateways.length + 1}`, ...rest, ...times, ...fields });
  }

  async list(): Promise<readonly GatewaySummary[]> {
    return this.gateways;
  }

  async barriers(): Promise<readonly BarrierTime[]> {
    return this.barrierTimes;
  }

  async evict(id: string): Promise<EvictedGateway> {
    this.evictions.push(id);
    const found = this.gateways.find((gateway) => gateway.id === id);
    if (found === undefined) throw new OutkitError('not_found', 'No such gateway');
    const retired = { ...found, state: 'retired', retiredAt: this.#now(), behind: null } as const;
    if (found.retiredAt === null) this.gateways = this.gateways.map((other) => (other === found ? retired : other));
    return { id, state: found.retiredAt === null ? 'retired' : found.state };
  }
}
