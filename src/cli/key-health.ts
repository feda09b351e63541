import { DAY_MS, HOUR_MS } from '../core/clock.ts';
import type { KeySummary } from '../core/key-service.ts';
import { maskedStart } from '../core/secret.ts';
import { keyLabel } from './key-label.ts';
import type { Output } from './output.ts';
import { relativeTime } from './relative-time.ts';
import { visible } from './visible-text.ts';

const EXPIRY_NOTICE_MS = 7 * DAY_MS;
/** As in {@link KeyStats}: an old secret that rested so long is safe to end. */
const RECENT_USE_MS = 4 * HOUR_MS;
const MAX_WARNINGS = 20;

/** True for a key that was not used for so long, or never although it is that old. */
export function isUnused({ lastUsedAt, createdAt }: KeySummary, spanMs: number, now: number): boolean {
  return (lastUsedAt ?? createdAt) <= now - spanMs;
}

/** Warns of keys that will soon refuse somebody: they expire, or their old secret ends while it is in use. */
export function warnOfEnds(keys: readonly KeySummary[], now: number, output: Output): void {
  const warnings = keys.flatMap((key) => [expiryOf(key, now), graceEndOf(key, now)]).filter((text) => text !== null);
  for (const text of warnings.slice(0, MAX_WARNINGS)) output.warn(text);
  if (warnings.length > MAX_WARNINGS) output.warn(`and ${warnings.length - MAX_WARNINGS} more like these`);
}

function expiryOf(key: KeySummary, now: number): string | null {
  const { expiresAt, status } = key;
  const isAccepted = status === 'active' || status === 'rotating';
  if (!isAccepted || expiresAt === null || expiresAt > now + EXPIRY_NOTICE_MS) return null;
  return `${keyLabel(key)} expires ${relativeTime(expiresAt, now)}. Another one: outkit keys create`;
}

function graceEndOf(key: KeySummary, now: number): string | null {
  const { previousSecret, id } = key;
  if (previousSecret === null || previousSecret.lastUsedAt === null) return null;
  const { start, acceptedUntil, lastUsedAt } = previousSecret;
  if (lastUsedAt < now - RECENT_USE_MS) return null;
  const masked = maskedStart(visible(start));
  const use = `was used ${relativeTime(lastUsedAt, now)}`;
  return `the old secret ${masked} of ${keyLabel(key)} ends ${relativeTime(acceptedUntil, now)} and ${use}. Who: outkit keys stats ${visible(id)}`;
}
