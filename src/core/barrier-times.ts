import type { GatewayReport } from './key-service.ts';

/** How long one change took to be in force at every gateway. */
export interface BarrierTime extends Pick<GatewayReport, 'confirmed' | 'waitedOut' | 'ms'> {
  /** When it was, as epoch milliseconds of the database. */
  readonly at: number;
  /** Name of the gateway that was told of the change. */
  readonly gateway: string;
}

/** So many of them are shown. */
export const SHOWN_BARRIERS = 200;

/** What several of them come to. Milliseconds are those of one of them: the nearest rank. */
export interface BarrierSummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Changes that had to wait for the lease of a gateway to end. */
  readonly waitedOut: number;
}

/** `null` of none. */
export function barrierSummary(barriers: readonly BarrierTime[]): BarrierSummary | null {
  const times = barriers.map(({ ms }) => ms).sort((left, right) => left - right);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] as number;
  if (times.length === 0) return null;
  const waitedOut = barriers.filter((barrier) => barrier.waitedOut > 0).length;
  return { count: times.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), waitedOut };
}
