import { isWellFormedSecret, maskedStart, SECRET_PATTERN, START_PATTERN, startOf } from '../../core/secret.ts';
import { hashSecret, type SecretHash } from '../../core/secret-hash.ts';

/** A key that stands somewhere, as far as it is told: its plaintext stays where it was read. */
export interface SeenSecret {
  readonly start: string;
  readonly hash: SecretHash;
}

/** What a variable that should hold a key holds. `start` is masked, and `null` where nothing of the value may be shown. */
export type SeenValue =
  | { readonly kind: 'empty' }
  | { readonly kind: 'secret'; readonly secret: SeenSecret }
  | { readonly kind: 'wrong_checksum'; readonly start: string }
  | { readonly kind: 'no_key'; readonly start: string | null };

const CANDIDATES = /ok[dsp]_[0-9A-Za-z]{38}/g;

/** Every key in a text, each once. What only looks like one has no valid checksum. */
export function secretsIn(text: string): readonly SeenSecret[] {
  const found = new Map<SecretHash, SeenSecret>();
  for (const [candidate] of text.matchAll(CANDIDATES)) {
    if (!isWellFormedSecret(candidate)) continue;
    const secret = seen(candidate);
    found.set(secret.hash, secret);
  }
  return [...found.values()];
}

export function seenValue(value: string): SeenValue {
  if (value === '') return { kind: 'empty' };
  if (isWellFormedSecret(value)) return { kind: 'secret', secret: seen(value) };
  const start = startOf(value);
  if (SECRET_PATTERN.test(value)) return { kind: 'wrong_checksum', start: maskedStart(start) };
  return { kind: 'no_key', start: START_PATTERN.test(start) ? maskedStart(start) : null };
}

/** A well-formed key as it is told of. */
export function seen(plaintext: string): SeenSecret {
  return { start: startOf(plaintext), hash: hashSecret(plaintext) };
}
