import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/core/clock.ts';
import { mintedKey } from '../../../../test/minted-key.ts';
import { seededRandom } from '../../../../test/seeded-random.ts';
import { type KeyFields, NO_KEY_FIELDS, problemsOf, requestOf } from './key-request.ts';
import { termProblemsOf, termsOf, updateOf } from './key-terms.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const filled = (fields: Partial<KeyFields>): KeyFields => ({ ...NO_KEY_FIELDS, name: 'web', ...fields });

describe('a request for a key', () => {
  it('has the name without what stands around it, and nothing that was not chosen', () => {
    expect(requestOf(filled({ name: '  web  ' }), NOW)).toEqual({
      name: 'web',
      environment: 'development',
      expiresAt: null,
      rateLimitPerMinute: null,
    });
  });

  it('ends so many days from now, or with the day that was chosen', () => {
    expect(requestOf(filled({ expiry: '90' }), NOW).expiresAt).toBe(NOW + 90 * DAY_MS);
    const end = requestOf(filled({ expiry: 'date', date: '2026-12-24' }), NOW).expiresAt;
    expect(end).toBe(new Date(2026, 11, 24, 23, 59, 59).getTime());
  });

  it('has the limit that was typed', () => {
    expect(requestOf(filled({ limit: ' 120 ' }), NOW).rateLimitPerMinute).toBe(120);
  });
});

it('a change of a key keeps its end unless another one is chosen, and has the limit that stands there', () => {
  const kept = { expiry: 'keep', date: '', limit: '50' } as const;
  expect(termsOf(kept, NOW)).toEqual({ expiresAt: undefined, rateLimitPerMinute: 50 });
  expect(termProblemsOf(kept, NOW)).toEqual({});
  expect(termsOf({ ...kept, expiry: 'never', limit: '' }, NOW)).toEqual({ expiresAt: null, rateLimitPerMinute: null });
});

it('a change of a key asks for what is another one only', () => {
  const fields = { expiry: 'keep', date: '', limit: '50' } as const;
  expect(updateOf(fields, '50', NOW)).toBeNull();
  expect(updateOf({ ...fields, limit: ' ' }, '50', NOW)).toEqual({ rateLimitPerMinute: null });
  expect(updateOf({ ...fields, expiry: '7' }, '50', NOW)).toEqual({ expiresAt: NOW + 7 * DAY_MS });
});

describe('what is wrong with it', () => {
  it.each([{}, { limit: '1' }, { limit: '1000000000' }, { expiry: 'date', date: '2026-11-26' }] as const)(
    'is nothing in %j',
    (fields) => {
      expect(problemsOf(filled(fields), NOW)).toEqual({});
    },
  );

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(65) }, 'name'],
    [{ name: 'a\u202eb' }, 'name'],
    [{ limit: '0' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ limit: '1000000001' }, 'limit'],
    [{ limit: '-3' }, 'limit'],
    [{ expiry: 'date', date: '' }, 'date'],
    [{ expiry: 'date', date: '2026-11-24' }, 'date'],
  ] as const)('of %j is told beside its field', (fields, field) => {
    expect(Object.keys(problemsOf(filled(fields), NOW))).toEqual([field]);
  });

  it('names a key that was pasted as the name for what it is, without repeating it', () => {
    const { plaintext } = mintedKey(seededRandom(1));
    const { name } = problemsOf(filled({ name: `for ${plaintext}` }), NOW);
    expect(name).toMatch(/^That is a key/);
    expect(name).not.toContain(plaintext.slice(0, 8));
  });
});
