import { createClient } from '@redis/client';
import type { RedisAddress } from './redis-address.ts';
import { type SharedCount, spendScript } from './spend-script.ts';

/** Name, connection and encryption. Less than the whole: a client cannot be destroyed before it is connected. */
const CONNECT_MS = 1_000;
/** The greeting as well, which a server that hangs never answers. */
const OPEN_MS = 2_000;

/** An answer that did not come in time. */
export class SilenceError extends Error {}

function newClient({ host, port, isEncrypted, username, password, database }: RedisAddress) {
  return createClient({
    socket: { host, port, connectTimeout: CONNECT_MS, reconnectStrategy: false, ...(isEncrypted && { tls: true }) },
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    database,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    scripts: { spend: spendScript },
  });
}

/** One connection to Redis. It never connects again, and keeps nothing for later: who has lost it opens another. */
export class RedisConnection {
  readonly #client: ReturnType<typeof newClient>;
  readonly #answerMs: number;

  private constructor(client: ReturnType<typeof newClient>, answerMs: number) {
    this.#client = client;
    this.#answerMs = answerMs;
  }

  /**
   * Rejects when there is none after 2 s. `answerMs` is how long a request waits for its answer. `onLost` hears of each failure of the
   * connection.
   */
  static async open(
    address: RedisAddress,
    answerMs: number,
    onLost: (error: unknown) => void,
  ): Promise<RedisConnection> {
    const client = newClient(address);
    client.on('error', onLost);
    try {
      await inTime(client.connect(), OPEN_MS);
    } catch (error) {
      client.destroy();
      throw error;
    }
    return new RedisConnection(client, answerMs);
  }

  /** Spends one request; with a limit of 0 it only reads. Rejects without an answer in time: then it may have been spent. */
  spend(keyId: string, limit: number): Promise<SharedCount> {
    return inTime(this.#client.spend(keyId, limit), this.#answerMs);
  }

  /** What Redis does when its memory is full; `null` where it does not tell. */
  async evictionPolicy(): Promise<string | null> {
    const memory = await inTime(this.#client.info('memory'), OPEN_MS).catch(() => '');
    return /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? null;
  }

  /** Rejects whatever waits for an answer. */
  destroy(): void {
    this.#client.destroy();
  }
}

function inTime<Answer>(answer: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Where this process itself was held up, the answer may be there, unread: reading comes after timers and before what is immediate.
    const timer = setTimeout(() => setImmediate(() => reject(new SilenceError())), timeoutMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
