import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../core/clock.ts';
import { NOON, PROFILE, SERVER } from '../machine.fixture.ts';
import { VERSION } from '../version.ts';
import { failedFact, healthyFacts, knownFact, notLookedFact, profile } from './facts.fixture.ts';
import type { Facts } from './facts.ts';
import { checkClock, checkProfile, checkServer, checkTls, checkVersion } from './server-checks.ts';

const DEV = { url: SERVER, source: 'dev', dataDirectory: '/app/.outkit', hasEnded: false, unusedDev: null } as const;
const AWAY = failedFact<never>(`Cannot reach the Outkit server at ${SERVER}`, 'outkit dev');

function answer(more: { version?: string; aheadMs?: number; roundTripMs?: number }): Facts['health'] {
  const { version = VERSION, aheadMs = 0, roundTripMs = 4 } = more;
  const sentAt = NOON + aheadMs;
  return knownFact({
    health: { status: 'ok', version, time: NOON + roundTripMs / 2 },
    sentAt,
    receivedAt: sentAt + roundTripMs,
  });
}

describe('server', () => {
  it('that answers passes, and says why it is the one', () => {
    expect(checkServer(healthyFacts())).toEqual({
      verdict: 'pass',
      detail: `${SERVER} (the running outkit dev of this project) answers within 4 ms`,
      fix: null,
    });
  });

  it('from outkit.json is named beside the outkit dev that is not used', () => {
    const server = knownFact({ ...DEV, source: 'config', unusedDev: 'http://127.0.0.1:1' } as const);
    expect(checkServer(healthyFacts({ server })).detail).toMatch(
      /; the outkit dev at http:\/\/127\.0\.0\.1:1 is not used$/,
    );
  });

  it('that does not answer, or that nothing names, fails with what mends it', () => {
    const none = failedFact<never>('No Outkit server', 'outkit dev');
    expect(checkServer(healthyFacts({ health: AWAY }))).toMatchObject({ verdict: 'fail', fix: 'outkit dev' });
    expect(checkServer(healthyFacts({ server: none }))).toEqual({
      verdict: 'fail',
      detail: 'No Outkit server',
      fix: 'outkit dev',
    });
  });
});

describe('what needs an answer of the server', () => {
  it.each([
    ['version', checkVersion],
    ['clock', checkClock],
  ])('%s is skipped without one', (_, check) => {
    const skipped = { verdict: 'skip', detail: 'needs a server that answers', fix: null };
    expect(check(healthyFacts({ health: AWAY }))).toEqual(skipped);
    expect(check(healthyFacts({ health: notLookedFact('needs a server') }))).toEqual(skipped);
  });
});

describe('version', () => {
  it('that differs is a warning: an outkit dev is to be restarted, for another server there is another outkit', () => {
    const health = answer({ version: '9.9.9' });
    const detail = `this is outkit ${VERSION}, the server has 9.9.9`;
    const fix = 'stop outkit dev with Ctrl-C, then outkit dev';
    expect(checkVersion(healthyFacts({ health }))).toEqual({ verdict: 'warn', detail, fix });
    const server = knownFact({ ...DEV, source: 'flag', dataDirectory: null } as const);
    expect(checkVersion(healthyFacts({ health, server }))).toMatchObject({ fix: 'npm install -g outkit@9.9.9' });
    expect(checkVersion(healthyFacts()).verdict).toBe('pass');
  });
});

describe('tls', () => {
  const https = knownFact({ ...DEV, url: 'https://outkit.example.com', source: 'flag', dataDirectory: null } as const);
  const shown = (problem: string | null, days: number) => knownFact({ problem, expiresAt: NOON + days * DAY_MS });

  it.each([
    ['is not needed on this machine', knownFact(null), 'pass'],
    ['is good for months', shown(null, 90), 'pass'],
    ['is good for just 14 days', shown(null, 14), 'pass'],
    ['ends within 14 days', shown(null, 13.99), 'warn'],
    ['has ended', shown('CERT_HAS_EXPIRED', -1), 'fail'],
    ['is for another name', shown('ERR_TLS_CERT_ALTNAME_INVALID', 90), 'fail'],
    ['is signed by nobody we know', shown('DEPTH_ZERO_SELF_SIGNED_CERT', 90), 'fail'],
    ['cannot be had', failedFact<never>('connect ECONNREFUSED', null), 'fail'],
    ['was not asked for', notLookedFact<never>('needs a server'), 'skip'],
  ] as const)('a certificate that %s: %s', (_, certificate, verdict) => {
    expect(checkTls(healthyFacts({ server: https, certificate })).verdict).toBe(verdict);
  });

  it('fails wherever anybody could pose as the server', () => {
    expect(checkTls(healthyFacts({ trustsAnybody: true }))).toMatchObject({
      verdict: 'fail',
      fix: 'unset NODE_TLS_REJECT_UNAUTHORIZED',
    });
  });
});

describe('clock', () => {
  it.each([
    [0, 4, 'pass'],
    [2_000, 4, 'pass'],
    [2_003, 4, 'warn'],
    [-2_003, 4, 'warn'],
    [60_000, 4, 'warn'],
    [60_003, 4, 'fail'],
    [-3_600_000, 4, 'fail'],
    // The answer may have been on its way for most of a slow round trip.
    [4_000, 6_000, 'pass'],
    [6_000, 6_000, 'warn'],
  ])('%d ms ahead, seen over a round trip of %d ms: %s', (aheadMs, roundTripMs, verdict) => {
    expect(checkClock({ health: answer({ aheadMs, roundTripMs }) }).verdict).toBe(verdict);
  });

  it('says how far apart, and who is ahead', () => {
    expect(checkClock({ health: answer({ aheadMs: 90_000 }) }).detail).toBe('this machine is 90 s ahead of the server');
    expect(checkClock({ health: answer({ aheadMs: -3_000 }) }).detail).toBe('this machine is 3 s behind the server');
  });
});

describe('profile', () => {
  const OTHER = 'prof_3333333333333333';
  const naming = (id?: string) => {
    const config = { path: '/app/outkit.json', ...(id === undefined ? {} : { profile: id }) };
    return knownFact({ config, warnings: [] });
  };
  it.each([
    ['that is there', {}, 'pass', `Default (${PROFILE}, pro)`, null],
    [
      'that the server does not have',
      { config: naming(OTHER) },
      'fail',
      `${OTHER} of outkit.json is not on the server; there are ${PROFILE} (Default)`,
      `outkit profiles use ${PROFILE}`,
    ],
    [
      'that nothing names',
      { config: naming() },
      'warn',
      `outkit.json names no profile; there are ${PROFILE} (Default)`,
      `outkit profiles use ${PROFILE}`,
    ],
    [
      'that cannot be there yet',
      { config: naming(), profiles: knownFact([]) },
      'warn',
      'outkit.json names no profile; there are none yet',
      'outkit profiles create -n Web --use',
    ],
    [
      'that is archived',
      { profiles: knownFact([profile({ archivedAt: NOON }), profile({ id: OTHER, name: 'Shop' })]) },
      'fail',
      `Default (${PROFILE}, pro) is archived: all its keys are refused`,
      `outkit profiles use ${OTHER}`,
    ],
    ['without a server', { profiles: AWAY }, 'skip', 'needs a server that takes the credential', null],
    ['without outkit.json', { config: failedFact<never>('x', null) }, 'skip', 'needs outkit.json', null],
  ] as const)('%s', (_, more, verdict, detail, fix) => {
    expect(checkProfile(healthyFacts(more))).toEqual({ verdict, detail, fix });
  });
});
