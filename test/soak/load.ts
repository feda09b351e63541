import type { Dice } from './dice.ts';
import type { History, SecretName } from './history.ts';
import { RequestPipe } from './request-pipe.ts';

/** A secret that the load uses. */
export interface UsedSecret {
  readonly name: SecretName;
  readonly plaintext: string;
}

export interface LoadOptions {
  readonly gateways: readonly { readonly name: string; readonly port: number }[];
  readonly history: History;
  readonly dice: Dice;
  /** Of all gateways together, while they answer. */
  readonly requestsPerSecond: number;
}

const PIPES_A_GATEWAY = 4;
/** So many requests of the steady load wait for their answers on one connection. */
const STEADY_DEPTH = 16;
/** Beyond it a gateway that stands still has enough in its socket. */
const MOST_WAITING = 1_000;
const TICK_MS = 5;

/** Requests with all secrets in use, to all gateways at once, on connections that are kept. What is heard of each is in the history. */
export class Load {
  readonly #options: LoadOptions;
  readonly #pipes: ReadonlyMap<string, readonly RequestPipe[]>;
  readonly #secrets: UsedSecret[] = [];
  readonly #timer: NodeJS.Timeout;
  #tickedAtMs = performance.now();
  /** What each gateway is to get by now: a tick owes less than one request. */
  #owed = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#pipes = new Map(
      options.gateways.map(({ name, port }) => [
        name,
        Array.from({ length: PIPES_A_GATEWAY }, () => new RequestPipe(port)),
      ]),
    );
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  use(secret: UsedSecret): void {
    this.#secrets.push(secret);
  }

  leave(secret: UsedSecret): void {
    this.#secrets.splice(this.#secrets.indexOf(secret), 1);
  }

  /** One request on every connection of every gateway, behind all that wait there. */
  sendEverywhere(secret: UsedSecret): void {
    for (const [gateway, pipes] of this.#pipes) {
      for (const pipe of pipes) if (pipe.waiting < MOST_WAITING) this.#send(gateway, pipe, secret);
    }
  }

  /** What waits for an answer then is cut. */
  stop(): void {
    clearInterval(this.#timer);
    for (const pipe of [...this.#pipes.values()].flat()) pipe.close();
  }

  #tick(): void {
    const { requestsPerSecond, dice } = this.#options;
    const nowMs = performance.now();
    this.#owed += (requestsPerSecond * Math.min(1_000, nowMs - this.#tickedAtMs)) / 1_000 / this.#pipes.size;
    this.#tickedAtMs = nowMs;
    const due = Math.floor(this.#owed);
    this.#owed -= due;
    for (const [gateway, pipes] of this.#pipes) {
      for (let sent = 0; sent < due; sent++) {
        const secret = dice.pick(this.#secrets);
        const pipe = dice.pick(pipes);
        if (secret === undefined || pipe === undefined || pipe.waiting >= STEADY_DEPTH) continue;
        this.#send(gateway, pipe, secret);
      }
    }
  }

  #send(gateway: string, pipe: RequestPipe, { name: secret, plaintext }: UsedSecret): void {
    const invokedMs = performance.now();
    pipe.send(plaintext, (verdict) => {
      const returnedMs = performance.now();
      this.#options.history.record({ op: 'verify', secret, gateway, invokedMs, returnedMs, verdict });
    });
  }
}
