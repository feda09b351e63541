import { describe, expect, it } from 'vitest';
import type { KeySummary } from '../../../src/core/key-service.ts';
import { mintedKey } from '../../../test/minted-key.ts';
import { seededRandom } from '../../../test/seeded-random.ts';
import { type KeyFilter, type KeyOrder, safeSearch, shownKeys } from './key-list.ts';

const KEY: KeySummary = {
  id: 'key_2222222222222222',
  name: 'ci',
  profileId: 'prof_2222222222222222',
  environment: 'development',
  start: 'okd_AbCd',
  status: 'active',
  lastUsedAt: null,
  createdAt: 1,
  createdBy: 'ada',
  expiresAt: null,
  rateLimitPerMinute: null,
  revokedAt: null,
  revokeReason: null,
  previousSecret: null,
  endedSecrets: [],
};

const KEYS: readonly KeySummary[] = [
  KEY,
  { ...KEY, id: 'key_b', name: 'Web 10', environment: 'production', start: 'okp_wXyZ', createdAt: 2, lastUsedAt: 9 },
  { ...KEY, id: 'key_c', name: 'web 9', environment: 'production', start: 'okp_qqqq', createdAt: 3, lastUsedAt: 5 },
  { ...KEY, id: 'key_d', name: 'old', status: 'revoked', createdAt: 4 },
];

const ALL: KeyFilter = { search: '', environment: null, status: null, showEnded: true };
const NEWEST: KeyOrder = { by: 'created', isDescending: true };
const shown = (filter: Partial<KeyFilter>, order: KeyOrder = NEWEST, served: Record<string, number> = {}) =>
  shownKeys(KEYS, { ...ALL, ...filter }, order, (id) => served[id] ?? 0).map(({ name }) => name);

describe('the keys that are shown', () => {
  it('are those that stand, unless ended ones are asked for', () => {
    expect(shown({ showEnded: false })).toEqual(['web 9', 'Web 10', 'ci']);
    expect(shown({})).toEqual(['old', 'web 9', 'Web 10', 'ci']);
    expect(shown({ showEnded: false, status: 'revoked' })).toEqual(['old']);
  });

  it('fit every word of the search in name, id or first characters, and both filters', () => {
    expect(shown({ search: 'WEB' })).toEqual(['web 9', 'Web 10']);
    expect(shown({ search: 'web  10' })).toEqual(['Web 10']);
    expect(shown({ search: 'okp_wx' })).toEqual(['Web 10']);
    expect(shown({ search: 'key_2222' })).toEqual(['ci']);
    expect(shown({ search: 'web', environment: 'development' })).toEqual([]);
    expect(shown({ environment: 'production' })).toEqual(['web 9', 'Web 10']);
  });

  it('stand in the order that is asked for, numbers in names as numbers, and the newest first where it is the same', () => {
    expect(shown({}, { by: 'name', isDescending: false })).toEqual(['ci', 'old', 'web 9', 'Web 10']);
    expect(shown({}, { by: 'used', isDescending: true })).toEqual(['Web 10', 'web 9', 'old', 'ci']);
    expect(shown({}, { by: 'environment', isDescending: true })).toEqual(['web 9', 'Web 10', 'old', 'ci']);
    expect(shown({}, { by: 'activity', isDescending: true }, { key_2222222222222222: 4 })[0]).toBe('ci');
    expect(shown({}, { by: 'status', isDescending: true })[0]).toBe('old');
  });
});

describe('a key that is pasted into the search', () => {
  it('is cut to the characters that are shown of it anyway', () => {
    const { plaintext } = mintedKey(seededRandom(5));
    expect(safeSearch(plaintext)).toBe(plaintext.slice(0, 8));
    expect(safeSearch(` OUTKIT_API_KEY=${plaintext}\n`)).toBe(`OUTKIT_API_KEY=${plaintext.slice(0, 8)}`);
    expect(safeSearch('okd_AbCd')).toBe('okd_AbCd');
  });
});
