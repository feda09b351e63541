import type { Key, Secret } from '../core/key.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { Profile } from '../core/profile.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import { FoundSecret, type KeptKey, type KeptKeys, type KeptSecret } from './found-secret.ts';
import type { KeyView } from './key-view.ts';
import { judgedEnds, type KnownProfile, type KnownSecret } from './known-key.ts';
import { emptyWindow, type RateWindow } from './rate-limit.ts';
import { ABSENT, SecretLines } from './secret-lines.ts';

type Writable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

const PAGE_SIZE = 1000;

/**
 * All keys of the embedded database in memory. This process is the only writer and the only gateway, so a change is in force
 * everywhere as soon as `apply` returns, which is before the change is acknowledged. Ended secrets stay, so that their holder is told why.
 */
export class EmbeddedKeyView implements KeyView {
  readonly #lines = new SecretLines();
  readonly #secrets: KeptSecret[] = [];
  readonly #profiles: Writable<KnownProfile>[] = [];
  readonly #kept: KeptKeys = { lines: this.#lines, secrets: this.#secrets, profiles: this.#profiles };
  readonly #keys = new Map<string, KeptKey>();
  /** By id. */
  readonly #profileIndexes = new Map<string, number>();

  /** Fills a view from a store, page by page. */
  static async load(store: KeyStore): Promise<EmbeddedKeyView> {
    const view = new EmbeddedKeyView();
    for (const profile of await store.allProfiles()) view.applyProfile(profile);
    let afterId = '';
    for (;;) {
      const keys = await store.allKeys(afterId, PAGE_SIZE);
      for (const key of keys) view.apply(key);
      const last = keys.at(-1);
      if (last === undefined || keys.length < PAGE_SIZE) return view;
      afterId = last.id;
    }
  }

  find(hash: SecretHash): KnownSecret | null {
    const slot = this.#lines.find(hash);
    return slot === ABSENT ? null : new FoundSecret(this.#kept, hash, slot);
  }

  peek(hash: SecretHash): KnownSecret | null {
    return this.find(hash);
  }

  /** Never asked for: memory has them all. */
  async read(hash: SecretHash): Promise<KnownSecret | null> {
    return this.find(hash);
  }

  applyProfile({ id, plan, design, archivedAt }: Profile): void {
    const known = this.#profiles[this.#profileIndexes.get(id) ?? ABSENT];
    // Archiving is final, whatever order the changes arrive in.
    if (known !== undefined) Object.assign(known, { plan, design, archivedAt: known.archivedAt ?? archivedAt });
    else this.#profileIndexes.set(id, this.#profiles.push({ id, plan, design, archivedAt }) - 1);
  }

  /** Takes over a state of a key, unless a newer one is in force: answers can arrive in another order than the changes were made. */
  apply(key: Key): void {
    const { id, name, version, secrets } = key;
    const known = this.#keys.get(id);
    if (known !== undefined && version < known.version) return;
    const profileIndex = this.#profileIndexOf(key);
    const kept = known ?? { id, name, version, index: this.#secrets.length, sharedWindow: null };
    Object.assign(kept, { name, version });
    this.#keys.set(id, kept);
    if (secrets.length > 1) kept.sharedWindow ??= known === undefined ? emptyWindow() : this.#windowOf(kept);
    for (const secret of secrets) this.#applySecret(key, kept, profileIndex, secret);
  }

  /** As it is now. */
  windowOf(keyId: string): Readonly<RateWindow> {
    const key = this.#keys.get(keyId);
    return key === undefined ? emptyWindow() : this.#windowOf(key);
  }

  #windowOf({ index, sharedWindow }: KeptKey): RateWindow {
    const slot = this.#lines.slotOf(index);
    return sharedWindow ?? { used: this.#lines.used(slot), endsAt: this.#lines.endsAt(slot) };
  }

  #applySecret(key: Key, kept: KeptKey, profileIndex: number, secret: Secret): void {
    const { ordinal, start, supersededAt, hash } = secret;
    const { revoked, expiresAt, acceptedUntil, isPrevious, refusedFrom } = judgedEnds(key, secret);
    const slot = this.#lines.find(hash);
    const index = slot === ABSENT ? this.#secrets.length : this.#lines.indexAt(slot);
    this.#lines.set(hash, {
      index,
      refusedFrom,
      isPrevious,
      profileIndex,
      ownLimitPerMinute: key.rateLimitPerMinute,
      hasSharedWindow: kept.sharedWindow !== null,
    });
    this.#secrets[index] = { key: kept, ordinal, start, revoked, expiresAt, supersededAt, acceptedUntil };
  }

  #profileIndexOf({ id, profileId }: Key): number {
    const index = this.#profileIndexes.get(profileId);
    if (index === undefined) throw new Error(`key ${id} belongs to an unknown profile`);
    return index;
  }
}
