import { OutkitError } from '../core/errors.ts';
import type { GatewayStore, SecretRead, SyncAnswer } from '../core/gateway-store.ts';
import type { Key } from '../core/key.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import { EntryCache } from './entry-cache.ts';
import type { KeyView } from './key-view.ts';
import { type KnownKey, type KnownProfile, type KnownSecret, knownSecret } from './known-key.ts';
import type { Lease } from './lease.ts';
import { ProfileCells } from './profile-cells.ts';
import { RateWindows } from './rate-windows.ts';
import { SharedReads } from './shared-reads.ts';

/** What one snapshot said of a hash; `null` for none that a key has. */
interface Entry {
  readonly seq: number;
  readonly secret: KnownSecret | null;
}

export const DEFAULT_MAX_ENTRIES = 100_000;

/** So often an answer may be overtaken by changes before the request is refused. */
const MAX_READS = 5;

/**
 * What one gateway of several knows: entries that were read when somebody asked, and that changes replace. Memory answers while the lease
 * holds: then everything that was in force before it was begun is applied. An entry is of one snapshot, and none of an older snapshot
 * ever takes its place, nor comes in behind the position up to which changes are applied. Without a lease each request is answered by a read that
 * was sent after it arrived.
 */
export class LeasedKeyView implements KeyView {
  readonly #lease: Lease;
  readonly #entries: EntryCache<SecretHash, Entry>;
  readonly #profiles = new ProfileCells();
  readonly #windows: RateWindows;
  readonly #reads: SharedReads<SecretHash, SecretRead>;
  readonly #maxEntries: number;
  /** All changes up to this one are applied. */
  #position = 0;

  constructor(
    store: Pick<GatewayStore, 'readSecret'>,
    lease: Lease,
    monotonicNow: () => number,
    maxEntries = DEFAULT_MAX_ENTRIES,
  ) {
    this.#lease = lease;
    this.#maxEntries = maxEntries;
    this.#entries = new EntryCache(maxEntries);
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

  async read(hash: SecretHash, arrivedAtMs: number): Promise<KnownSecret | null> {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const found = this.find(hash);
      if (found !== undefined) return found;
      // Under a lease a read that is under way will do: what it says is only believed as an entry.
      const sentAfterMs = this.#lease.holds() ? Number.NEGATIVE_INFINITY : arrivedAtMs;
      const { sentAtMs, answer } = await this.#reads.read(hash, sentAfterMs);
      const secret = this.#secretIn(hash, answer);
      if (this.#lease.holds()) this.#install(hash, { seq: answer.seq, secret });
      else if (sentAtMs >= arrivedAtMs && answer.seq >= this.#position) return secret;
    }
    throw new OutkitError('unavailable', 'Keys change faster than they can be read');
  }

  /** Takes over what changed behind the position. */
  apply(answer: SyncAnswer): void {
    // Changes that are not kept any more, or a database that lost some: nothing in memory can be relied on.
    const isCut = answer.keptFromSeq > this.#position + 1 || answer.seq < this.#position;
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
    this.#entries.clear();
    this.#profiles.clear();
    this.#position = seq;
  }

  #applyKey(key: Key, seq: number): void {
    for (const secret of key.secrets) {
      const entry = this.#entries.peek(secret.hash);
      if (entry === undefined || entry.seq > seq) continue;
      const profile = this.#profiles.find(key.profileId);
      // Nobody here has asked for it since its profile was forgotten: it is read again.
      if (profile === undefined) this.#entries.delete(secret.hash);
      else this.#entries.set(secret.hash, { seq, secret: knownSecret(key, secret, this.#knownKey(key, profile)) });
    }
  }

  #install(hash: SecretHash, entry: Entry): void {
    if (entry.seq < this.#position) return;
    const known = this.#entries.peek(hash);
    if (known === undefined || known.seq <= entry.seq) this.#entries.set(hash, entry);
  }

  #secretIn(hash: SecretHash, { found, seq }: SecretRead): KnownSecret | null {
    const secret = found?.key.secrets.find((candidate) => candidate.hash === hash);
    if (found === null || secret === undefined) return null;
    if (this.#profiles.size >= this.#maxEntries) this.dropAll(this.#position);
    const profile = this.#profiles.put(found.profile, seq);
    return knownSecret(found.key, secret, this.#knownKey(found.key, profile));
  }

  #knownKey(key: Key, profile: KnownProfile): KnownKey {
    const { id, name, version, rateLimitPerMinute: ownLimitPerMinute } = key;
    return { id, name, version, profile, ownLimitPerMinute, window: this.#windows.of(id) };
  }
}
