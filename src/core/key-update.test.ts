import { describe, expect, it } from 'vitest';
import { aKey, NOON } from '../../test/key-builder.ts';
import { DAY_MS } from './clock.ts';
import { updateKey } from './key-update.ts';

const key = aKey({ rateLimitPerMinute: 50, expiresAt: NOON + DAY_MS });

describe('an update of a key', () => {
  it.each([
    ['a limit', { rateLimitPerMinute: 500 }, { rateLimitPerMinute: 500 }],
    ['that of the plan', { rateLimitPerMinute: null }, { rateLimitPerMinute: null }],
    ['a later end', { expiresAt: NOON + 2 * DAY_MS }, { expiresAt: NOON + 2 * DAY_MS }],
    ['no end', { expiresAt: null }, { expiresAt: null }],
    ['both', { rateLimitPerMinute: 1, expiresAt: NOON + 1 }, { rateLimitPerMinute: 1, expiresAt: NOON + 1 }],
  ])('to %s changes that and nothing else, one version on', (_what, update, changed) => {
    expect(updateKey(key, update, NOON)).toEqual({ kind: 'changed', key: { ...key, ...changed, version: 2 } });
  });

  it.each([{}, { rateLimitPerMinute: 50 }, { expiresAt: NOON + DAY_MS }, { rateLimitPerMinute: undefined }])(
    'to what it has already changes nothing: %j',
    (update) => {
      expect(updateKey(key, update, NOON)).toEqual({ kind: 'unchanged' });
    },
  );

  it('brings back none that has ended: at its end, after it, or revoked', () => {
    const later = { expiresAt: NOON + 9 * DAY_MS };
    expect(updateKey(key, later, NOON + DAY_MS - 1).kind).toBe('changed');
    expect(updateKey(key, later, NOON + DAY_MS).kind).toBe('key_not_active');
    expect(updateKey(aKey({ revokedAt: NOON }), later, NOON).kind).toBe('key_not_active');
  });
});
