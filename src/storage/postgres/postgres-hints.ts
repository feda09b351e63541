import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { HintKind, Hints } from '../../core/hints.ts';
import { checkDatabaseUrl } from './database-url.ts';
import { HINT_CHANNEL } from './postgres-dialect.ts';

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * Hints by LISTEN and NOTIFY, on a connection of their own that is made anew when it breaks. After each new connection there is one
 * of each kind, since some may have been missed.
 */
export class PostgresHints implements Hints {
  readonly #url: string;
  /** Stands in what is sent, so that nobody hears themselves. Triggers send without one. */
  readonly #sender = randomBytes(8).toString('hex');
  readonly #listeners = new Map<string, () => void>();
  #isWaiting = false;
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

  get isListening(): boolean {
    return this.#client !== null;
  }

  on(kind: HintKind, listener: () => void): void {
    this.#listeners.set(kind, listener);
  }

  sendEvents(): void {
    // Of those that wait one is enough: who is told once looks at everything.
    this.#isWaiting = true;
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
    while (this.#isWaiting) {
      this.#isWaiting = false;
      const client = this.#client;
      try {
        await client?.query('select pg_notify($1, $2)', [HINT_CHANNEL, `events ${this.#sender}`]);
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
      await client.query(`listen ${HINT_CHANNEL}`);
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
