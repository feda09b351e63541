import { endOf, type Key } from './key.ts';
import type { KeyDecision } from './rotation.ts';

/** What of a key may change while it stands: its own limit, and when it ends. `undefined` stays, `null` is the plan's limit, or no end. */
export interface KeyUpdate {
  readonly rateLimitPerMinute?: Key['rateLimitPerMinute'] | undefined;
  readonly expiresAt?: Key['expiresAt'] | undefined;
}

/** Changes the limit and the end of a key. One that has ended stays as it is: what was refused must not come back. */
export function updateKey(
  key: Key,
  update: KeyUpdate,
  now: number,
): KeyDecision<'key_not_active'> | { readonly kind: 'unchanged' } {
  if (endOf(key, now) !== null) return { kind: 'key_not_active' };
  const { rateLimitPerMinute = key.rateLimitPerMinute, expiresAt = key.expiresAt } = update;
  if (rateLimitPerMinute === key.rateLimitPerMinute && expiresAt === key.expiresAt) return { kind: 'unchanged' };
  return { kind: 'changed', key: { ...key, rateLimitPerMinute, expiresAt, version: key.version + 1 } };
}
