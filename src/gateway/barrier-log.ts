import type { BarrierTime } from '../core/barrier-times.ts';
import type { GatewayStore } from '../core/gateway-store.ts';
import type { GatewayReport } from '../core/key-service.ts';

/** Nobody looks more often, and the changes themselves need the database. */
const WRITE_AFTER_MS = 1_000;

export interface BarrierLogPorts {
  readonly store: Pick<GatewayStore, 'recordBarriers'>;
  /** Time of the database. */
  readonly now: () => number;
  /** Of this start of the gateway; `null` while it has none. */
  readonly epoch: () => string | null;
  readonly label: string;
}

/**
 * Tells the database, in the background, how long changes took to be in force, so that people see it at any gateway. What cannot be written is
 * forgotten: the caller has had the report.
 */
export class BarrierLog {
  readonly #ports: BarrierLogPorts;
  #waiting: BarrierTime[] = [];
  #number = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: BarrierLogPorts) {
    this.#ports = ports;
  }

  /** Passes on what a change is told that waits for all gateways, and remembers it. */
  async of(waiting: Promise<GatewayReport>): Promise<GatewayReport> {
    const report = await waiting;
    const { now, label: gateway } = this.#ports;
    const { ms, confirmed, waitedOut } = report;
    this.#waiting.push({ at: now(), gateway, ms, confirmed, waitedOut });
    this.#timer ??= setTimeout(() => void this.#write(), WRITE_AFTER_MS);
    return report;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #write(): Promise<void> {
    const [epoch, barriers, first] = [this.#ports.epoch(), this.#waiting, this.#number + 1];
    this.#waiting = [];
    this.#number += barriers.length;
    if (epoch !== null) await this.#ports.store.recordBarriers(epoch, first, barriers).catch(() => {});
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => void this.#write(), WRITE_AFTER_MS);
  }
}
