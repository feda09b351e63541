import type { SecretHash } from '../core/secret-hash.ts';
import type { KnownKey, KnownProfile, KnownSecret } from './known-key.ts';
import type { RateWindow } from './rate-limit.ts';
import type { SecretLines } from './secret-lines.ts';

/** What is known of a key beside the lines of its secrets. Written in place. */
export interface KeptKey {
  readonly id: string;
  name: string;
  version: number;
  /** Of its first secret. */
  readonly index: number;
  /** Where there are several secrets; that of an only one is in its line. */
  sharedWindow: RateWindow | null;
}

/** What is known of a secret beside its line. */
export interface KeptSecret
  extends Pick<KnownSecret, 'ordinal' | 'start' | 'revoked' | 'expiresAt' | 'supersededAt' | 'acceptedUntil'> {
  readonly key: KeptKey;
}

/** Everything that is kept of keys, each in the place that its index names. */
export interface KeptKeys {
  readonly lines: SecretLines;
  readonly secrets: readonly KeptSecret[];
  readonly profiles: readonly KnownProfile[];
}

/**
 * A secret as a request finds it, its key, and the window of that where it is in the line: one small object, since there is one for each request.
 * What a verdict reads is in the line, everything else elsewhere in memory, where nobody looks before it is asked for. It tells what is so now.
 */
export class FoundSecret implements KnownSecret, KnownKey, RateWindow {
  readonly hash: SecretHash;
  readonly #kept: KeptKeys;
  readonly #index: number;
  #slot: number;

  constructor(kept: KeptKeys, hash: SecretHash, slot: number) {
    this.hash = hash;
    this.#kept = kept;
    this.#index = kept.lines.indexAt(slot);
    this.#slot = slot;
  }

  get refusedFrom(): number {
    return this.#kept.lines.refusedFrom(this.#line);
  }

  get isPrevious(): boolean {
    return this.#kept.lines.isPrevious(this.#line);
  }

  get profile(): KnownProfile {
    return this.#kept.profiles[this.#kept.lines.profileIndex(this.#line)] as KnownProfile;
  }

  get key(): KnownKey {
    return this;
  }

  get ownLimitPerMinute(): number | null {
    return this.#kept.lines.ownLimit(this.#line);
  }

  get window(): RateWindow {
    return this.#kept.lines.hasSharedWindow(this.#line) ? (this.#secret.key.sharedWindow as RateWindow) : this;
  }

  get used(): number {
    return this.#kept.lines.used(this.#line);
  }

  set used(used: number) {
    this.#kept.lines.setUsed(this.#line, used);
  }

  get endsAt(): number {
    return this.#kept.lines.endsAt(this.#line);
  }

  set endsAt(endsAt: number) {
    this.#kept.lines.setEndsAt(this.#line, endsAt);
  }

  get id(): string {
    return this.#secret.key.id;
  }

  get name(): string {
    return this.#secret.key.name;
  }

  get version(): number {
    return this.#secret.key.version;
  }

  get ordinal(): number {
    return this.#secret.ordinal;
  }

  get start(): string {
    return this.#secret.start;
  }

  get revoked(): boolean {
    return this.#secret.revoked;
  }

  get expiresAt(): number | null {
    return this.#secret.expiresAt;
  }

  get supersededAt(): number | null {
    return this.#secret.supersededAt;
  }

  get acceptedUntil(): number | null {
    return this.#secret.acceptedUntil;
  }

  get #secret(): KeptSecret {
    return this.#kept.secrets[this.#index] as KeptSecret;
  }

  /** Where the line is, also after it was moved. */
  get #line(): number {
    const { lines } = this.#kept;
    if (lines.indexAt(this.#slot) !== this.#index) this.#slot = lines.slotOf(this.#index);
    return this.#slot;
  }
}
