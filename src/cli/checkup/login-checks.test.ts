import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../core/clock.ts';
import { NOON, SERVER } from '../machine.fixture.ts';
import { ANN } from '../people.fixture.ts';
import { failedFact, healthyFacts, knownFact, notLookedFact } from './facts.fixture.ts';
import type { Facts } from './facts.ts';
import { checkCredential, checkLogins } from './login-checks.ts';

describe('credential', () => {
  const readable = failedFact<never>('/app/.outkit/credential belongs to or can be read by other users', 'chmod 600 x');
  const refused = failedFact<never>('This token is not valid here', 'set OUTKIT_TOKEN');
  it.each<[string, Partial<Facts>, string, RegExp]>([
    ['that the server takes', {}, 'pass', /^the credential of outkit dev, .*: the server takes it$/],
    ['of the environment', { credential: knownFact('OUTKIT_TOKEN') }, 'pass', /^OUTKIT_TOKEN: the server takes it$/],
    ['that others can read', { credential: readable }, 'fail', /can be read by other users$/],
    [
      'that the server refuses',
      { profiles: refused },
      'fail',
      /^the credential of outkit dev, .*: This token is not valid here$/,
    ],
    [
      'that could not be tried',
      { profiles: notLookedFact<never>('x') },
      'skip',
      /not tried, the server does not answer$/,
    ],
    ['that is for no server', { credential: notLookedFact<never>('needs a server') }, 'skip', /^needs a server$/],
  ])('%s', (_, more, verdict, detail) => {
    const found = checkCredential(healthyFacts(more));
    expect(found.verdict).toBe(verdict);
    expect(found.detail).toMatch(detail);
  });
});

describe('the credential of a login', () => {
  const endingIn = (spanMs: number) => {
    const session = { id: 'session_2222222222222222', createdAt: NOON, usedAt: NOON, expiresAt: NOON + spanMs };
    const me = { person: ANN, session: { ...session, ip: '', agent: '', isCurrent: true }, teams: [] };
    return healthyFacts({ credential: knownFact('keychain'), me: knownFact(me) });
  };

  it('that the server takes passes, and one that ends within 3 days warns with the way to a new one', () => {
    expect(checkCredential(endingIn(3 * DAY_MS))).toEqual({
      verdict: 'pass',
      detail: 'the login in the keychain: the server takes it',
      fix: null,
    });
    expect(checkCredential(endingIn(3 * DAY_MS - 1))).toEqual({
      verdict: 'warn',
      detail: 'the login in the keychain: the server takes it until 2026-11-26T11:59:59.999Z',
      fix: `outkit login --api-url ${SERVER}`,
    });
  });
});

describe('logins', () => {
  it('are named with the place of their credential, or that there are none', () => {
    const logins = knownFact([
      { server: SERVER, keptIn: 'file' },
      { server: 'https://one.example', keptIn: 'keychain' },
    ] as const);
    expect(checkLogins({ logins }).detail).toBe(`${SERVER} (file), https://one.example (keychain)`);
    expect(checkLogins(healthyFacts())).toEqual({ verdict: 'pass', detail: 'no login is kept here', fix: null });
  });

  it('in a file that others can get at fail with what mends it', () => {
    const logins = failedFact<never>('/home/ann/x belongs to or can be read by other users', 'chmod 600 /home/ann/x');
    expect(checkLogins({ logins })).toMatchObject({ verdict: 'fail', fix: 'chmod 600 /home/ann/x' });
  });
});
