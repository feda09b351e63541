import type { Clock } from '../core/clock.ts';
import { keptAgent } from '../core/kept-agent.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { RenderEvent, StoredEvent } from '../core/render-event.ts';
import { addUsage, hourOf, type LastUse, NO_USAGE, type UsageOutcome, type UsageRow } from '../core/usage.ts';
import type { KnownSecret } from './key-view.ts';

/** One answer of the renderer to a known key. */
export interface RenderUse {
  readonly secret: KnownSecret;
  /** Came with the old secret of a rotated key. */
  readonly inGrace: boolean;
  readonly outcome: UsageOutcome;
  /** Accepted requests are uses; refused ones only count. */
  readonly accepted: boolean;
  readonly ip: string;
  readonly agent: string;
}

const FLUSH_INTERVAL_MS = 250;

/**
 * Counts in memory and writes in batches. Memory is bounded by the number of keys in use: one row for each secret and hour, one
 * last use for each secret. A batch that fails is kept and joins the next; the first failure in a row is reported. Everything is
 * written before `close` resolves.
 */
export class UsageRecorder {
  readonly #store: Pick<KeyStore, 'recordUsage'>;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #onStored: (events: readonly StoredEvent[]) => void;
  #rows = new Map<string, UsageRow>();
  #lastUses = new Map<string, LastUse>();
  /** In their order; refused ones by what they have in common. */
  #events = new Map<string | symbol, RenderEvent>();
  #timer: NodeJS.Timeout | undefined;
  #isOpen = true;
  #isFailing = false;
  #flushing: Promise<void> = Promise.resolve();

  /** `onStored` gets the events of each batch when they are in the store. */
  constructor(
    store: Pick<KeyStore, 'recordUsage'>,
    clock: Clock,
    onFailure: (error: unknown) => void,
    onStored: (events: readonly StoredEvent[]) => void = () => {},
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#onStored = onStored;
  }

  /** Writes what was counted and takes no more: whatever comes later would find the store closed. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.flush();
  }

  record(use: RenderUse): void {
    if (!this.#isOpen) return;
    const at = this.#clock.now();
    const { key, ordinal } = use.secret;
    const row = { keyId: key.id, secretOrdinal: ordinal, inGrace: use.inGrace, hour: hourOf(at), ...NO_USAGE };
    this.#add({ ...row, [use.outcome]: 1 });
    if (use.accepted) {
      const agent = keptAgent(use.agent);
      this.#keepLater({ keyId: key.id, secretOrdinal: ordinal, at, ip: use.ip, agent });
    }
    this.#schedule();
  }

  /** Keeps the event for the next batch. Refused requests of one key, verdict and second become one: hammering does not fill the disk. */
  finished(event: RenderEvent): void {
    if (!this.#isOpen) return;
    const id =
      event.verdict === 'accepted' ? Symbol() : `${event.keyId}/${event.verdict}/${Math.floor(event.at / 1000)}`;
    const alike = this.#events.get(id);
    this.#events.delete(id);
    this.#events.set(id, alike === undefined ? event : { ...event, count: alike.count + event.count });
    this.#schedule();
  }

  /** Writes what was counted until now. Statistics call it first, so that they show every answer that was given. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.catch(() => undefined).then(() => this.#writeBatch());
    return this.#flushing;
  }

  async #writeBatch(): Promise<void> {
    const rows = [...this.#rows.values()];
    const lastUses = [...this.#lastUses.values()];
    const events = [...this.#events.values()];
    if (rows.length === 0 && lastUses.length === 0 && events.length === 0) return;
    const kept = this.#events;
    this.#events = new Map();
    this.#rows = new Map();
    this.#lastUses = new Map();
    try {
      // With the time: what a request was told of an end holds after a crash and a clock set back, too.
      this.#onStored(await this.#store.recordUsage({ rows, lastUses, events, journal: null, at: this.#clock.now() }));
    } catch (error) {
      const since = this.#events;
      this.#events = kept;
      for (const event of since.values()) this.finished(event);
      for (const row of rows) this.#add(row);
      for (const lastUse of lastUses) this.#keepLater(lastUse);
      if (!this.#isFailing) this.#onFailure(error);
      this.#isFailing = true;
      if (this.#isOpen) this.#schedule();
      throw error;
    }
    this.#isFailing = false;
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), FLUSH_INTERVAL_MS);
  }

  #add(row: UsageRow): void {
    const id = `${row.keyId}/${row.secretOrdinal}/${row.inGrace}/${row.hour}`;
    const sum = this.#rows.get(id);
    this.#rows.set(id, sum === undefined ? row : { ...row, ...addUsage(sum, row) });
  }

  #keepLater(lastUse: LastUse): void {
    const id = `${lastUse.keyId}/${lastUse.secretOrdinal}`;
    const known = this.#lastUses.get(id);
    if (known === undefined || known.at <= lastUse.at) this.#lastUses.set(id, lastUse);
  }
}
