import { networkOf } from '../core/network.ts';

/** Beyond it, networks are counted together. */
const MAX_NETWORKS = 10_000;
const MOST = 10;

/** Requests with keys that nobody has here, and where most of them came from: addresses, of IPv6 the network of 64 bits. */
export interface UnknownKeysReport {
  readonly requests: number;
  readonly networks: number;
  readonly most: readonly { readonly network: string; readonly requests: number }[];
}

/** Counts requests with unknown and malformed keys by where they come from: they belong to no key, so no statistics have them. */
export class UnknownKeys {
  #requests = 0;
  #byNetwork = new Map<string, number>();

  count(ip: string): void {
    this.#requests += 1;
    const network = networkOf(ip);
    const known = this.#byNetwork.get(network);
    if (known !== undefined || this.#byNetwork.size < MAX_NETWORKS) this.#byNetwork.set(network, (known ?? 0) + 1);
  }

  /** How many networks there were since the last report. */
  get networks(): number {
    return this.#byNetwork.size;
  }

  /** Everything since the last report, which then begins anew; `null` for nothing. */
  take(): UnknownKeysReport | null {
    if (this.#requests === 0) return null;
    const sorted = [...this.#byNetwork].sort(([, left], [, right]) => right - left);
    const most = sorted.slice(0, MOST).map(([name, requests]) => {
      const network = name.includes(':') ? `${name}::/64` : name;
      return { network, requests };
    });
    const report = { requests: this.#requests, networks: this.networks, most };
    this.#requests = 0;
    this.#byNetwork = new Map();
    return report;
  }
}
