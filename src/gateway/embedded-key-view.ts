import type { Key } from '../core/key.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { Profile } from '../core/profile.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import type { KeyView } from './key-view.ts';
import { type KnownKey, type KnownProfile, type KnownSecret, knownSecret } from './known-key.ts';
import { emptyWindow, type RateWindow } from './rate-limit.ts';
import { SecretTable } from './secret-table.ts';

type Writable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

const PAGE_SIZE = 1000;

/**
 * All keys of the embedded database in memory. This process is the only writer and the only gateway, so a change is in force
 * everywhere as soon as `apply` returns, which is before the change is acknowledged. Ended secrets stay, so that their holder is told why.
 */
export class EmbeddedKeyView implements KeyView {
  readonly #profiles = new Map<string, Writable<KnownProfile>>();
  readonly #secrets = new SecretTable();
  readonly #keys = new Map<string, KnownKey>();

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
    return this.#secrets.get(hash) ?? null;
  }

  peek(hash: SecretHash): KnownSecret | null {
    return this.find(hash);
  }

  /** Never asked for: memory has them all. */
  async read(hash: SecretHash): Promise<KnownSecret | null> {
    return this.find(hash);
  }

  applyProfile({ id, plan, design, archivedAt }: Profile): void {
    const known = this.#profiles.get(id);
    // Archiving is final, whatever order the changes arrive in.
    if (known !== undefined) Object.assign(known, { plan, design, archivedAt: known.archivedAt ?? archivedAt });
    else this.#profiles.set(id, { id, plan, design, archivedAt });
  }

  /** Takes over a state of a key, unless a newer one is in force: answers can arrive in another order than the changes were made. */
  apply(key: Key): void {
    if (key.version < (this.#keys.get(key.id)?.version ?? 0)) return;
    const known = this.#knownKey(key);
    this.#keys.set(key.id, known);
    for (const secret of key.secrets) {
      this.#secrets.set(knownSecret(key, secret, known));
    }
  }

  windowOf(keyId: string): RateWindow {
    return this.#keys.get(keyId)?.window ?? emptyWindow();
  }

  #knownKey(key: Key): KnownKey {
    const { id, name, version, rateLimitPerMinute: ownLimitPerMinute } = key;
    return { id, name, version, profile: this.#profileOf(key), ownLimitPerMinute, window: this.windowOf(id) };
  }

  #profileOf(key: Key): KnownProfile {
    const profile = this.#profiles.get(key.profileId);
    if (profile === undefined) throw new Error(`key ${key.id} belongs to an unknown profile`);
    return profile;
  }
}
