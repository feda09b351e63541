import { performance } from 'node:perf_hooks';
import type { RedisAddress } from './redis-address.ts';
import { RedisConnection, SilenceError } from './redis-connection.ts';
import type { SharedCount } from './spend-script.ts';

export interface LinkReports {
  /** Something that the operator has to know. Never has the URL in it. */
  readonly onProblem: (what: string) => void;
  /** That a problem is over. */
  readonly onNotice: (what: string) => void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** A connection that lasted so long was a good one: the next is tried for at once. */
const GOOD_MS = 10_000;
/** No id of a key. What it counts is of no use to anybody. */
const PROBE = 'probe';

/**
 * The way to Redis, and whether it is open. Any failure closes it, be it silence, a lost connection or an error of Redis, since a server that
 * cannot write now may be another one by the next connection. While it is closed nobody is sent to Redis but one probe at a time, on a
 * connection of its own, after pauses that grow from 0.1 s to 5 s.
 */
export class RedisLink {
  readonly #address: RedisAddress;
  readonly #reports: LinkReports;
  readonly #answerMs: number;
  #connection: RedisConnection | null = null;
  #openedAtMs = 0;
  /** Of attempts, one after the other. */
  #failures = 0;
  #isTold = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #attempt: Promise<void> = Promise.resolve();
  #policy = 'noeviction';

  constructor(address: RedisAddress, reports: LinkReports, answerMs: number) {
    this.#address = address;
    this.#reports = reports;
    this.#answerMs = answerMs;
  }

  get isOpen(): boolean {
    return this.#connection !== null;
  }

  /** Resolves when the first attempt is over, however it went. */
  start(): Promise<void> {
    this.#attempt = this.#tryToOpen();
    return this.#attempt;
  }

  /** As {@link RedisConnection.spend}; `null` when Redis cannot tell now. Never rejects. */
  async spend(keyId: string, limit: number): Promise<SharedCount | null> {
    const connection = this.#connection;
    if (connection === null) return null;
    try {
      return await connection.spend(keyId, limit);
    } catch (error) {
      this.#lose(connection, error);
      return null;
    }
  }

  /** Whoever waits for an answer gets none. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#connection?.destroy();
    this.#connection = null;
    await this.#attempt;
  }

  async #tryToOpen(): Promise<void> {
    let opened: RedisConnection | null = null;
    try {
      opened = await RedisConnection.open(this.#address, this.#answerMs, (error) => this.#lose(opened, error));
      // Writes: a server that only reads, or has no memory left, is of no use here.
      await opened.spend(PROBE, Number.MAX_SAFE_INTEGER);
      this.#use(opened);
    } catch (error) {
      opened?.destroy();
      this.#fail(error);
    }
  }

  #use(connection: RedisConnection): void {
    if (this.#isClosed) {
      connection.destroy();
      return;
    }
    this.#connection = connection;
    this.#openedAtMs = performance.now();
    if (this.#isTold) this.#reports.onNotice('Redis is back: rate limits are counted there again');
    this.#isTold = false;
    void this.#checkEviction(connection);
  }

  #lose(connection: RedisConnection | null, error: unknown): void {
    if (connection === null || this.#connection !== connection) return;
    this.#connection = null;
    connection.destroy();
    if (performance.now() - this.#openedAtMs >= GOOD_MS) this.#failures = 0;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    if (!this.#isTold) {
      this.#reports.onProblem(`Redis is away (${causeOf(error)}): each gateway counts rate limits for itself`);
    }
    this.#isTold = true;
    const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    // Gateways that lost Redis at once must not all come back at once.
    this.#retry = setTimeout(() => void this.start(), pauseMs * (0.5 + Math.random() / 2));
  }

  async #checkEviction(connection: RedisConnection): Promise<void> {
    const policy = await connection.evictionPolicy();
    if (policy === null || policy === this.#policy) return;
    this.#policy = policy;
    if (policy === 'noeviction') return;
    this.#reports.onProblem(
      `Redis may throw away rate windows when its memory is full (maxmemory-policy ${policy}): set it to noeviction`,
    );
  }
}

/** A word for a log: the code that the system or Redis begins its errors with. */
function causeOf(error: unknown): string {
  if (error instanceof SilenceError) return 'no answer in time';
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]{2,}(?= )/.exec(error.message)?.[0] ?? 'connection lost';
}
