import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { DAY_MS } from './clock.ts';
import { ERRORS } from './errors.ts';
import { judge, REFUSAL_CODES, refusedFrom } from './verdict.ts';

const fresh = { revoked: false, expiresAt: null, acceptedUntil: null, profile: { archivedAt: null } };
const archived = { ...fresh, profile: { archivedAt: NOON } };

describe('judge', () => {
  it.each([
    ['a current secret', fresh, NOON, { kind: 'accepted', previousSecret: false }],
    [
      'an old secret at 23:59:59.999',
      { ...fresh, acceptedUntil: NOON + DAY_MS },
      NOON + DAY_MS - 1,
      { kind: 'accepted', previousSecret: true },
    ],
    [
      'an old secret at 24:00:00.000',
      { ...fresh, acceptedUntil: NOON + DAY_MS },
      NOON + DAY_MS,
      { kind: 'superseded' },
    ],
    [
      'a secret before its expiry',
      { ...fresh, expiresAt: NOON },
      NOON - 1,
      { kind: 'accepted', previousSecret: false },
    ],
    ['a secret at its expiry', { ...fresh, expiresAt: NOON }, NOON, { kind: 'expired' }],
    ['a revoked secret', { ...fresh, revoked: true }, NOON, { kind: 'revoked' }],
    ['revoked before expired', { ...fresh, revoked: true, expiresAt: NOON }, NOON, { kind: 'revoked' }],
    ['a secret in an archived profile', archived, NOON, { kind: 'archived' }],
    ['expired before archived', { ...archived, expiresAt: NOON }, NOON, { kind: 'expired' }],
    ['archived before superseded', { ...archived, acceptedUntil: NOON }, NOON, { kind: 'archived' }],
    ['expired before superseded', { ...fresh, expiresAt: NOON, acceptedUntil: NOON }, NOON, { kind: 'expired' }],
  ])('%s', (_, secret, now, verdict) => {
    const judged = { ...secret, refusedFrom: refusedFrom(secret), isPrevious: secret.acceptedUntil !== null };
    expect(judge(judged, now)).toEqual(verdict);
  });
});

describe('the catalogue', () => {
  it('answers seven refusals with 401, the limit with 429, and doubt with 503', () => {
    const statuses = Object.values(REFUSAL_CODES).map((code) => ERRORS[code].status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 429, 503]);
  });
});
