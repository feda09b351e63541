import { setTimeout } from 'node:timers/promises';
import type { Cluster, Gateway } from './cluster.ts';
import type { Dice } from './dice.ts';
import {
  GATEWAY_FAULTS,
  type GatewayFault,
  REDIS_GATEWAY_FAULTS,
  REDIS_SHARED_FAULTS,
  SHARED_FAULTS,
  type SharedFault,
} from './faults.ts';

/** A fault from its begin until it was mended, by the monotonic clock. */
export interface Struck {
  readonly fault: string;
  /** `null` for what all gateways share. */
  readonly gateway: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface NemesisPorts {
  readonly cluster: Cluster;
  readonly dice: Dice;
  /** Only these kinds; `null` for all. */
  readonly faults: readonly string[] | null;
  readonly onStruck: (what: string) => void;
}

const SHORTEST_PEACE_MS = 1_000;
const LONGEST_PEACE_MS = 3_000;
const LEAST_WELL = 1;

/**
 * Breaks something every one to three seconds, at times two things at once. One gateway at least is left alone, so that changes are
 * still made; which one changes all the time.
 */
export class Nemesis {
  readonly struck: Struck[] = [];
  /** What could not be mended, and why. */
  readonly unmended: string[] = [];
  readonly #ports: NemesisPorts;
  readonly #gatewayFaults: readonly [string, GatewayFault][];
  readonly #sharedFaults: readonly [string, SharedFault][];
  readonly #ill = new Set<Gateway>();
  readonly #underWay = new Set<Promise<void>>();
  #isSharedIll = false;

  constructor(ports: NemesisPorts) {
    this.#ports = ports;
    const withRedis = ports.cluster.redis !== null;
    const isWanted = ([kind]: readonly [string, unknown]) => ports.faults?.includes(kind) ?? true;
    const ofGateways = { ...GATEWAY_FAULTS, ...(withRedis ? REDIS_GATEWAY_FAULTS : {}) };
    this.#gatewayFaults = Object.entries<GatewayFault>(ofGateways).filter(isWanted);
    const shared = { ...SHARED_FAULTS, ...(withRedis ? REDIS_SHARED_FAULTS : {}) };
    this.#sharedFaults = Object.entries<SharedFault>(shared).filter(isWanted);
  }

  /** Resolves when the time is over and everything is mended, or is known not to be. */
  async run(untilMs: number): Promise<void> {
    const { dice } = this.#ports;
    for (;;) {
      await setTimeout(dice.between(SHORTEST_PEACE_MS, LONGEST_PEACE_MS));
      if (performance.now() >= untilMs) break;
      this.#strike();
      if (dice.isOneIn(4)) this.#strike();
    }
    await Promise.all(this.#underWay);
  }

  #strike(): void {
    const { cluster, dice } = this.#ports;
    const well = cluster.gateways.filter((gateway) => !this.#ill.has(gateway));
    const [gateway, ofGateway] = [dice.pick(well), dice.pick(this.#gatewayFaults)];
    const shared = dice.pick(this.#sharedFaults);
    const isShared = ofGateway === undefined || dice.isOneIn(5);
    if (isShared && shared !== undefined && !this.#isSharedIll) this.#strikeShared(shared);
    else if (gateway !== undefined && ofGateway !== undefined && well.length > LEAST_WELL)
      this.#strikeGateway(gateway, ofGateway);
  }

  #strikeGateway(gateway: Gateway, [fault, strike]: [string, GatewayFault]): void {
    const { dice } = this.#ports;
    this.#ill.add(gateway);
    const struck = strike(gateway, dice.fork()).finally(() => this.#ill.delete(gateway));
    this.#follow(fault, gateway.process.name, struck);
  }

  #strikeShared([fault, strike]: [string, SharedFault]): void {
    const { cluster, dice } = this.#ports;
    this.#isSharedIll = true;
    const struck = strike(cluster, dice.fork()).finally(() => {
      this.#isSharedIll = false;
    });
    this.#follow(fault, null, struck);
  }

  #follow(fault: string, gateway: string | null, struck: Promise<void>): void {
    const fromMs = performance.now();
    this.#ports.onStruck(gateway === null ? fault : `${fault} (${gateway})`);
    const followed = struck.then(
      () => void this.struck.push({ fault, gateway, fromMs, untilMs: performance.now() }),
      (error: unknown) => void this.unmended.push(`${fault}: ${error instanceof Error ? error.message : error}`),
    );
    this.#underWay.add(followed);
    void followed.then(() => this.#underWay.delete(followed));
  }
}
