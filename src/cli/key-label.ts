import type { CallerUse, KeySummary } from '../core/key-service.ts';
import { relativeTime } from './relative-time.ts';
import { visible } from './visible-text.ts';

/** A key as a sentence names it: `dev key (key_7hq3m2xk9tqw4bnz, development)`. */
export function keyLabel(key: Pick<KeySummary, 'id' | 'name' | 'environment'>): string {
  return `${visible(key.name)} (${visible(key.id)}, ${key.environment})`;
}

/** `last used 3h ago`, or that it never was. */
export function lastUseLabel(lastUsedAt: number | null, now: number): string {
  return lastUsedAt === null ? 'never used' : `last used ${relativeTime(lastUsedAt, now)}`;
}

/** `3h ago from 10.0.0.1 (curl/8.5)` */
export function callerLabel({ at, ip, agent }: CallerUse, now: number): string {
  return `${relativeTime(at, now)} from ${visible(ip)} (${visible(agent)})`;
}
