import type { CallerUse, KeyStats, KeySummary } from '../../../../src/core/key-service.ts';

/** What revoking a key comes to. Pure. */

/** Requests that a window saw, those that were not served too: somebody made them. */
export function requestsOf({ served, clientErrors, serverErrors, rateLimited }: KeyStats): number {
  return served + clientErrors + serverErrors + rateLimited;
}

/** Whoever used the key last, with whichever of its secrets. */
export function lastCaller({ currentSecret, previousSecret }: KeyStats): CallerUse | null {
  const [one, other] = [currentSecret.lastUse, previousSecret?.lastUse ?? null];
  if (one === null || other === null) return one ?? other;
  return one.at > other.at ? one : other;
}

/** The name of a production key that is in use has to be typed, and of one of which that is not known. */
export function needsName({ environment }: KeySummary, present: KeyStats | null): boolean {
  return environment === 'production' && (present === null || requestsOf(present) > 0);
}
