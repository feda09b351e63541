import type { BarrierTime } from './barrier-times.ts';
import type { FillRandom } from './secret.ts';

/** A whole id of a gateway: the epoch of one start of its process. For prefixes its first 4 to 32 characters. */
export const GATEWAY_ID_PATTERN = /^[0-9a-f]{32}$/;
export const GATEWAY_ID_PREFIX_PATTERN = /^[0-9a-f]{4,32}$/;

/** 128 random bits, in hexadecimal. */
export function newGatewayId(fillRandom: FillRandom): string {
  return Array.from(fillRandom(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * `serving` was heard of lately; `silent` was not, and a change may still wait for it. `retired` may judge nothing from then on, and
 * comes back as another one if it runs; `drained` stopped by itself.
 */
export const GATEWAY_STATES = ['serving', 'silent', 'retired', 'drained'] as const;

export type GatewayState = (typeof GATEWAY_STATES)[number];

/** One start of a server process that admits requests, as people see it. Times are epoch milliseconds of the database. */
export interface GatewaySummary {
  readonly id: string;
  /** Of the machine or process. */
  readonly name: string;
  readonly version: string;
  readonly state: GatewayState;
  readonly startedAt: number;
  readonly seenAt: number;
  /** Of the last change that it had applied when it was seen; `null` where changes have no numbers, since there is but one gateway. */
  readonly appliedSeq: number | null;
  /** Changes that it has not applied yet; `null` for one that will not. */
  readonly behind: number | null;
  readonly retiredAt: number | null;
}

/** A gateway that no change waits for any more. */
export type EvictedGateway = Pick<GatewaySummary, 'id' | 'state'>;

/** The gateways of a database. */
export interface GatewayService {
  /** Those that a change may wait for, oldest first, and after them those that retired within the last hour. */
  list(): Promise<readonly GatewaySummary[]>;
  /**
   * Takes a gateway away, and resolves when its last lease is over, so that no later change waits for it. One that is away already stays as
   * it is. Does no harm to one that runs: it comes back under another id. `not_found`; `bad_request` where there is but one gateway, `forbidden`.
   */
  evict(id: string): Promise<EvictedGateway>;
  /** How long the last changes took to be in force everywhere, the newest first. Empty where there is but one gateway: there it takes no time. */
  barriers(): Promise<readonly BarrierTime[]>;
}
