import type { SecretHash } from '../core/secret-hash.ts';
import type { KnownSecret } from './known-key.ts';

/** What a gateway knows of secrets, so that it judges a request from memory. */
export interface KeyView {
  /** The secret, `null` for one that no key has, `undefined` when memory cannot tell at this moment. */
  find(hash: SecretHash): KnownSecret | null | undefined;
  /** What memory has, whether it may be relied on at this moment or not. */
  peek(hash: SecretHash): KnownSecret | null | undefined;
  /**
   * The same for a request that arrived at a time of the monotonic clock, when memory cannot tell: true of some moment after that.
   * Rejects with `unavailable` when nobody can tell.
   */
  read(hash: SecretHash, arrivedAtMs: number): Promise<KnownSecret | null>;
}
