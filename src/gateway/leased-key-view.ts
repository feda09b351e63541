import { OutkitError } from '../core/errors.ts';
import type { GatewayStore, SecretRead, SyncAnswer } from '../core/gateway-store.ts';
import type { Key } from '../core/key.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import type { DatabaseClock } from './database-clock.ts';
import { EntryCache } from './entry-cache.ts';
import type { KeyView } from './key-view.ts';
import { type KnownKey, type KnownProfile, type KnownSecret, knownSecret } from './known-key.ts';
import type { Lease } from './lease.ts';
import { ProfileCells } from './profile-cells.ts';
import type { RateWindow } from './rate-limit.ts';
import { RateWindows } from './rate-windows.ts';
import { SharedReads } from './shared-reads.ts';

/** What one snapshot said of a hash; `null` for none that a key has. */
interface Entry {
  readonly seq: number;
  readonly secret: KnownSecret | null;
}

export const DEFAULT_MAX_ENTRIES = 100_000;

export interface LeasedKeyViewOptions {
  readonly store: Pick<GatewayStore, 'readSecret'>;
  readonly lease: Lease;
  readonly monotonicNow: () => number;
  readonly databaseClock: DatabaseClock;
  /** The last synchronisation failed: where nothing can be written, what can be read may be old. */
  readonly isAway: () => boolean;
  /** Of secrets, and of profiles. */
  readonly maxEntries?: number;
}

/** So often an answer may be overtaken by changes before the request is refused. */
const MAX_READS = 5;

/**
 * What one gateway of several knows: entries that were read when somebody asked, and that changes replace. Memory answers while the lease
 * holds: then everything that was in force before it was begun is applied. Without one each request is answered by a read that was sent after
 * it arrived. An answer is believed only when it is of no older snapshot than what is applied, known or was forgotten; else it is read
 * again. `docs/revocation.md` says why.
 */
export class LeasedKeyView implements KeyView {
  readonly #lease: Lease;
  readonly #entries: EntryCache<SecretHash, Entry>;
  readonly #profiles = new ProfileCells();
  readonly #windows: RateWindows;
  readonly #reads: SharedReads<SecretHash, SecretRead>;
  readonly #isAway: () => boolean;
  readonly #databaseClock: DatabaseClock;
  readonly #maxEntries: number;
  /** All changes up to this one are applied. */
  #position = 0;
  /** Of any entry so far. */
  #newestSeq = 0;
  /** Nothing that was forgotten is of a later snapshot. */
  #floor = 0;

  constructor({
    store,
    lease,
    monotonicNow,
    databaseClock,
    isAway,
    maxEntries = DEFAULT_MAX_ENTRIES,
  }: LeasedKeyViewOptions) {
    this.#lease = lease;
    this.#isAway = isAway;
    this.#databaseClock = databaseClock;
    this.#maxEntries = maxEntries;
    // What is forgotten may have been newer than a read that is under way.
    this.#entries = new EntryCache(maxEntries, () => this.#raiseFloor());
    this.#windows = new RateWindows(maxEntries);
    this.#reads = new SharedReads((hash) => store.readSecret(hash), monotonicNow);
  }

  get position(): number {
    return this.#position;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(hash: SecretHash): KnownSecret | null | undefined {
    return this.#lease.holds() ? this.#entries.get(hash)?.secret : undefined;
  }

  peek(hash: SecretHash): KnownSecret | null | undefined {
    return this.#entries.peek(hash)?.secret;
  }

  async read(hash: SecretHash, arrivedAtMs: number): Promise<KnownSecret | null> {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const found = this.find(hash);
      if (found !== undefined) return found;
      const isLeased = this.#lease.holds();
      if (!isLeased && this.#isAway()) throw new OutkitError('unavailable', 'The database is out of reach');
      // Under a lease a read that is under way will do: what it says is only believed as an entry.
      const { sentAtMs, answer } = await this.#reads.read(hash, isLeased ? Number.NEGATIVE_INFINITY : arrivedAtMs);
      this.#databaseClock.atLeast(answer.databaseTime);
      const entry = this.#keep(hash, answer);
      if (entry !== null && sentAtMs >= arrivedAtMs) return entry.secret;
    }
    throw new OutkitError('unavailable', 'Keys change faster than they can be read');
  }

  windowOf(keyId: string): RateWindow {
    return this.#windows.of(keyId);
  }

  /** Takes over what changed behind the position. */
  apply(answer: SyncAnswer): void {
    // Changes that are not kept any more: nothing in memory can be relied on.
    const isCut = answer.keptFromSeq > this.#position + 1;
    if (isCut || answer.hasUnknownChange) {
      this.dropAll(answer.seq);
      return;
    }
    for (const profile of answer.profiles) this.#profiles.update(profile, answer.seq);
    for (const key of answer.keys) this.#applyKey(key, answer.seq);
    this.#position = answer.throughSeq;
  }

  /** Forgets everything, as of a snapshot. */
  dropAll(seq: number): void {
    this.#forget();
    this.#position = seq;
  }

  #applyKey(key: Key, seq: number): void {
    for (const secret of key.secrets) {
      const entry = this.#entries.peek(secret.hash);
      if (entry === undefined || entry.seq > seq) continue;
      const profile = this.#profiles.find(key.profileId);
      // Nobody here has asked for it since its profile was forgotten: it is read again.
      if (profile === undefined) {
        this.#entries.delete(secret.hash);
        this.#raiseFloor();
      } else this.#put(secret.hash, { seq, secret: knownSecret(key, secret, this.#knownKey(key, profile)) });
    }
  }

  /** The entry, when nothing newer is known or was forgotten: only then it may answer anybody. Kept without a lease too, for the next one. */
  #keep(hash: SecretHash, answer: SecretRead): Entry | null {
    const known = this.#entries.peek(hash);
    if (answer.seq < Math.max(this.#position, this.#floor, known?.seq ?? 0)) return null;
    const entry = { seq: answer.seq, secret: this.#secretIn(hash, answer) };
    this.#put(hash, entry);
    return entry;
  }

  #put(hash: SecretHash, entry: Entry): void {
    this.#newestSeq = Math.max(this.#newestSeq, entry.seq);
    this.#entries.set(hash, entry);
  }

  #secretIn(hash: SecretHash, { found, seq }: SecretRead): KnownSecret | null {
    const secret = found?.key.secrets.find((candidate) => candidate.hash === hash);
    if (found === null || secret === undefined) return null;
    if (this.#profiles.size >= this.#maxEntries) this.#forget();
    const profile = this.#profiles.put(found.profile, seq);
    return knownSecret(found.key, secret, this.#knownKey(found.key, profile));
  }

  #forget(): void {
    this.#entries.clear();
    this.#profiles.clear();
    this.#raiseFloor();
  }

  #raiseFloor(): void {
    this.#floor = this.#newestSeq;
  }

  #knownKey(key: Key, profile: KnownProfile): KnownKey {
    const { id, name, version, rateLimitPerMinute: ownLimitPerMinute } = key;
    return { id, name, version, profile, ownLimitPerMinute, window: this.#windows.of(id) };
  }
}
