import { ENVIRONMENTS, type Environment } from '../../../src/core/environment.ts';
import { KEY_STATUSES, type KeyStatus } from '../../../src/core/key.ts';
import type { KeySummary } from '../../../src/core/key-service.ts';
import { holdsSecret, withSecretsMasked } from '../../../src/core/secret.ts';

/** Which keys of a list are shown, and in which order. Pure. */

export const SORTS = ['created', 'name', 'environment', 'status', 'used', 'activity'] as const;
export type Sort = (typeof SORTS)[number];

export interface KeyFilter {
  readonly search: string;
  readonly environment: Environment | null;
  readonly status: KeyStatus | null;
  readonly showEnded: boolean;
}

export interface KeyOrder {
  readonly by: Sort;
  readonly isDescending: boolean;
}

export function isStanding({ status }: Pick<KeySummary, 'status'>): boolean {
  return status === 'active' || status === 'rotating';
}

/** A whole key that somebody pastes is cut to its first eight characters: it is to stand nowhere on the page. */
export function safeSearch(typed: string): string {
  return holdsSecret(typed) ? withSecretsMasked(typed).replaceAll('•', '').trim() : typed;
}

export function shownKeys(
  keys: readonly KeySummary[],
  { search, environment, status, showEnded }: KeyFilter,
  order: KeyOrder,
  servedOf: (keyId: string) => number,
): KeySummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (key: KeySummary) =>
    (showEnded || status !== null || isStanding(key)) &&
    (environment === null || key.environment === environment) &&
    (status === null || key.status === status) &&
    words.every((word) => [key.name, key.id, key.start].some((text) => text.toLowerCase().includes(word)));
  const compare = comparison(order.by, servedOf);
  const sign = order.isDescending ? -1 : 1;
  return keys.filter(fits).toSorted((left, right) => sign * compare(left, right) || right.createdAt - left.createdAt);
}

function comparison(by: Sort, servedOf: (keyId: string) => number): (left: KeySummary, right: KeySummary) => number {
  switch (by) {
    case 'name':
      return (left, right) => left.name.localeCompare(right.name, 'en', { numeric: true, sensitivity: 'base' });
    case 'environment':
      return (left, right) => ENVIRONMENTS.indexOf(left.environment) - ENVIRONMENTS.indexOf(right.environment);
    case 'status':
      return (left, right) => KEY_STATUSES.indexOf(left.status) - KEY_STATUSES.indexOf(right.status);
    case 'used':
      return (left, right) => (left.lastUsedAt ?? 0) - (right.lastUsedAt ?? 0);
    case 'activity':
      return (left, right) => servedOf(left.id) - servedOf(right.id);
    case 'created':
      return (left, right) => left.createdAt - right.createdAt;
  }
}
