import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Where a proxy interrupts. A chunk is what the system handed over at once: for a quick protocol, one message. */
export interface Interruption {
  /** Whether to cut before this chunk of the client is passed on. */
  readonly beforeSent?: (chunk: Buffer) => boolean;
  /** Whether to pass this chunk on and cut instead of the answer. */
  readonly beforeAnswer?: (chunk: Buffer) => boolean;
  /** Whether to cut before this chunk of the server is passed on. */
  readonly beforeHeard?: (chunk: Buffer) => boolean;
  /** Whether to fall silent from this chunk on, with both ends open. */
  readonly silence?: (chunk: Buffer) => boolean;
  /** Changes what the server says. */
  readonly rewrite?: (chunk: Buffer) => Buffer;
}

/** What becomes of bytes, in both directions. */
type Mode =
  | { readonly kind: 'pass' }
  /** New connections are accepted. What was sent meanwhile arrives once it passes again, as after a network was cut for a while. */
  | { readonly kind: 'blackhole'; readonly over: Promise<void>; readonly end: () => void }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** New connections are reset, too. */
  | { readonly kind: 'refuse' };

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isSilent: boolean;
  isCutting: boolean;
}

const PASS: Mode = { kind: 'pass' };

/** Stands between a client and a server on loopback, and breaks the connection in every way that a network can, while it runs. */
export class TcpProxy {
  #target: { readonly host: string; readonly port: number };
  readonly #interruption: Interruption;
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  /** Clients of a black hole, who are connected to nobody. */
  readonly #waiting = new Set<Socket>();
  #mode: Mode = PASS;
  /** After how many more bytes all connections are cut. */
  #bytesLeft = Number.POSITIVE_INFINITY;

  private constructor(target: { readonly host: string; readonly port: number }, interruption: Interruption) {
    this.#target = target;
    this.#interruption = interruption;
    // Half an end is passed on as half an end.
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void this.#accept(client));
  }

  static async listen(
    target: { readonly host: string; readonly port: number },
    interruption: Interruption = {},
  ): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, interruption);
    await new Promise<void>((resolve) => proxy.#listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  pass(): void {
    this.#setMode(PASS);
    this.#bytesLeft = Number.POSITIVE_INFINITY;
  }

  /** Neither end hears anything of the other, not that it hangs up either. */
  blackhole(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#setMode({ kind: 'blackhole', over: promise, end: resolve });
  }

  /** Each chunk arrives so much later. */
  delay(ms: number): void {
    this.#setMode({ kind: 'delay', ms });
  }

  throttle(bytesPerSecond: number): void {
    this.#setMode({ kind: 'throttle', bytesPerSecond });
  }

  /** Resets all connections, and those that come. */
  refuse(): void {
    this.#setMode({ kind: 'refuse' });
    this.reset();
  }

  /** Cuts all connections after so many more bytes, of either end. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** Another server takes over: connections that come go there, and those that there are are reset. */
  redirect(target: { readonly host: string; readonly port: number }): void {
    this.#target = target;
    this.reset();
  }

  /** Resets the connections that there are. */
  reset(): void {
    for (const client of this.#waiting) client.resetAndDestroy();
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    for (const client of this.#waiting) client.destroy();
    for (const pair of this.#pairs) cut(pair);
    this.pass();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #setMode(mode: Mode): void {
    const before = this.#mode;
    this.#mode = mode;
    if (before.kind === 'blackhole') before.end();
  }

  async #accept(client: Socket): Promise<void> {
    client.on('error', () => {});
    if (this.#mode.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    this.#waiting.add(client);
    await this.#whileBlack();
    this.#waiting.delete(client);
    if (client.destroyed) return;
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    server.on('error', () => client.resetAndDestroy());
    const pair = { client, server, isSilent: false, isCutting: false };
    this.#pairs.add(pair);
    this.#carry(pair, client, server, (chunk) => this.#fromClient(pair, chunk));
    this.#carry(pair, server, client, (chunk) => this.#fromServer(pair, chunk));
  }

  /** Takes chunks of one end to the other, and then its end. `judge` says what of a chunk is passed on, if anything. */
  #carry(pair: Pair, from: Socket, to: Socket, judge: (chunk: Buffer) => Buffer | null): void {
    let carried = Promise.resolve();
    from.on('data', (chunk) => {
      const passed = judge(chunk);
      if (passed === null) return;
      const isFree = this.#mode.kind === 'pass' && this.#bytesLeft === Number.POSITIVE_INFINITY;
      if (isFree && to.write(passed)) return;
      from.pause();
      carried = isFree ? drained(to) : this.#passLater(pair, to, passed);
      void carried.then(() => from.resume());
    });
    const afterwards = (end: () => void) => void carried.then(() => this.#whileBlack()).then(end);
    from.on('end', () => afterwards(() => to.end()));
    from.on('close', () =>
      afterwards(() => {
        this.#pairs.delete(pair);
        to.destroySoon();
      }),
    );
  }

  async #passLater(pair: Pair, to: Socket, chunk: Buffer): Promise<void> {
    if (this.#mode.kind === 'delay') await setTimeout(this.#mode.ms);
    if (this.#mode.kind === 'throttle') await setTimeout((chunk.length / this.#mode.bytesPerSecond) * 1000);
    // Last, since it may have become one meanwhile.
    await this.#whileBlack();
    const left = this.#bytesLeft;
    this.#bytesLeft -= chunk.length;
    if (to.destroyed) return;
    if (!to.write(chunk.subarray(0, left))) await drained(to);
    if (this.#bytesLeft < 0) cut(pair);
  }

  async #whileBlack(): Promise<void> {
    while (this.#mode.kind === 'blackhole') await this.#mode.over;
  }

  #fromClient(pair: Pair, chunk: Buffer): Buffer | null {
    const { silence, beforeSent, beforeAnswer } = this.#interruption;
    pair.isSilent ||= silence?.(chunk) === true;
    if (pair.isSilent) return null;
    if (beforeSent?.(chunk) === true) {
      cut(pair);
      return null;
    }
    pair.isCutting ||= beforeAnswer?.(chunk) === true;
    return chunk;
  }

  #fromServer(pair: Pair, chunk: Buffer): Buffer | null {
    if (pair.isSilent) return null;
    if (pair.isCutting || this.#interruption.beforeHeard?.(chunk) === true) {
      cut(pair);
      return null;
    }
    return this.#interruption.rewrite?.(chunk) ?? chunk;
  }
}

function cut({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}

/** Resolves when the socket takes more, or never will. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
