import type { KeyStatus } from '../../core/key.ts';
import { maskedStart } from '../../core/secret.ts';
import { keyLabel } from '../key-label.ts';
import { localTime } from '../relative-time.ts';
import type { Fact } from './fact.ts';
import type { SecretState } from './secret-state.ts';
import type { SeenSecret, SeenValue } from './seen-secret.ts';

/** What a key that was found can still do: `unchecked` when no server could be asked. */
export type Danger = 'live' | 'dead' | 'unknown' | 'unchecked';

export function dangerOf(state: Fact<SecretState> | undefined): Danger {
  if (state?.kind !== 'known') return 'unchecked';
  if (state.value.kind === 'unknown') return 'unknown';
  return state.value.secret === 'ended' ? 'dead' : 'live';
}

/** `okd_AbC1•••••••• of dev key (key_…, development)`, or as much of it as is known. */
export function secretLabel({ start }: SeenSecret, state: Fact<SecretState> | undefined): string {
  const masked = maskedStart(start);
  return state?.kind === 'known' && state.value.kind === 'known' ? `${masked} of ${keyLabel(state.value.key)}` : masked;
}

/** How the secret has ended: `it was revoked on 2026-11-24 15:04`. */
export function endOf({ start }: SeenSecret, state: Extract<SecretState, { kind: 'known' }>): string {
  const { key } = state;
  if (key.revokedAt !== null) return `it was revoked on ${localTime(key.revokedAt)}`;
  if (key.status === 'expired' && key.expiresAt !== null) return `it expired on ${localTime(key.expiresAt)}`;
  if (key.status === 'archived') return 'its profile is archived';
  const ended = key.endedSecrets.find((candidate) => candidate.start === start);
  return ended === undefined ? 'it has ended' : `it was replaced, and ended on ${localTime(ended.endedAt)}`;
}

export type KeyWord = KeyStatus | 'old' | 'superseded' | 'unknown' | 'malformed';

/** What the value of a variable is, in a word; `null` when there is none. `old` is a former secret inside its grace window. */
export function wordFor(value: SeenValue, state: SecretState | null): KeyWord | null {
  if (value.kind === 'empty') return null;
  if (value.kind !== 'secret') return 'malformed';
  if (state?.kind !== 'known') return 'unknown';
  const { key, secret } = state;
  if (secret === 'previous') return 'old';
  return secret === 'ended' && (key.status === 'active' || key.status === 'rotating') ? 'superseded' : key.status;
}
