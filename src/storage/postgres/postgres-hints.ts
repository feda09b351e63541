import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Hints } from '../../core/hints.ts';
import { checkDatabaseUrl } from './database-url.ts';

const CHANNEL = 'outkit';
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * Hints by LISTEN and NOTIFY, on a connection of their own that is made anew when it breaks. One may be lost, late or about nothing: it
 * only decides how soon somebody looks. After each new connection there is one of each kind, since some may have been missed.
 */
export class PostgresHints implements Hints {
  readonly #url: string;
  /** Stands in what is sent, so that nobody hears themselves. */
  readonly #sender = randomBytes(8).toString('hex');
  readonly #listeners = new Map<string, () => void>();
  readonly #waiting = new Set<'changes' | 'events'>();
  #isSending = false;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isClosed = false;

  constructor(url: string) {
    checkDatabaseUrl(url);
    this.#url = url;
    void this.#connect();
  }

  on(kind: 'changes' | 'events', listener: () => void): void {
    this.#listeners.set(kind, listener);
  }

  send(kind: 'changes' | 'events'): void {
    // Of those that wait, one of each kind is enough: who is told once looks at everything.
    this.#waiting.add(kind);
    if (!this.#isSending) void this.#sendWaiting();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => {});
  }

  /** One after the other: the driver is to be given a statement only when the one before is over. */
  async #sendWaiting(): Promise<void> {
    this.#isSending = true;
    for (let [kind] = this.#waiting; kind !== undefined; [kind] = this.#waiting) {
      this.#waiting.delete(kind);
      const client = this.#client;
      try {
        await client?.query('select pg_notify($1, $2)', [CHANNEL, `${kind} ${this.#sender}`]);
      } catch {
        // Whether it was refused or not answered in time, the connection may still be busy with it.
        client?.end().catch(() => {});
      }
    }
    this.#isSending = false;
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: 'outkit hints',
    });
    client.on('error', () => {});
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ payload = '' }) => {
      const [kind = '', sender] = payload.split(' ');
      if (sender !== this.#sender) this.#listeners.get(kind)?.();
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch {
      client.end().catch(() => {});
      this.#again();
      return;
    }
    if (this.#isClosed) return void client.end().catch(() => {});
    this.#client = client;
    this.#pauseMs = FIRST_PAUSE_MS;
    for (const listener of this.#listeners.values()) listener();
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#again();
  }

  #again(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#pauseMs);
    this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs * 2);
  }
}
