import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { KnownKey } from '../../src/gateway/known-key.ts';
import { emptyWindow } from '../../src/gateway/rate-limit.ts';
import { openSharedLimits, type SharedLimits } from '../../src/limits/shared-limits.ts';

/** An id that no other test has. */
export function aKeyId(): string {
  return `key_test_${randomBytes(8).toString('hex')}`;
}

/** A key as one gateway knows it, with a window of its own. */
export function limitedKey(id: string, limit: number): KnownKey {
  const profile = { id: 'prof_2222222222222222', plan: 'pro', design: {}, archivedAt: null } as const;
  return { id, name: 'limited', version: 1, profile, ownLimitPerMinute: limit, window: emptyWindow() };
}

export interface OpenedLimits {
  readonly limits: SharedLimits;
  readonly problems: string[];
  readonly notices: string[];
}

/** Limits that are closed when the test ends, and what they told the operator. They wait for Redis as long as a busy machine may need. */
export async function openLimits(url: string, answerMs = 10_000): Promise<OpenedLimits> {
  const problems: string[] = [];
  const notices: string[] = [];
  const reports = { onProblem: (what: string) => problems.push(what), onNotice: (what: string) => notices.push(what) };
  const limits = await openSharedLimits(url, reports, answerMs);
  onTestFinished(() => limits.close());
  return { limits, problems, notices };
}
