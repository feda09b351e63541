import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../core/clock.ts';
import type { KeySummary } from '../../core/key-service.ts';
import { newSecret } from '../env-file/project.fixture.ts';
import { NOON } from '../machine.fixture.ts';
import { localTime } from '../relative-time.ts';
import {
  envFile,
  failedFact,
  healthyFacts,
  KEY_ID,
  type KnownState,
  knownFact,
  liveState,
  notLookedFact,
  seenOf,
  statesWith,
  stats,
} from './facts.fixture.ts';
import type { Facts } from './facts.ts';
import { checkKeys } from './key-checks.ts';
import type { SecretState } from './secret-state.ts';
import { seenValue } from './seen-secret.ts';

const PLAINTEXT = newSecret();
const SECRET = seenOf(PLAINTEXT);
const MASKED = `${SECRET.start}••••••••`;
const IN_FILE = `OUTKIT_API_KEY in .env.local:2: ${MASKED}`;
const LATER = localTime(NOON + HOUR_MS);
const NEW_KEY = 'outkit keys create -n "dev key" --env-file';
const NEW_KEY_IN_PLACE = `${NEW_KEY} --force`;

/** Facts with this value as the only key, in the env file. */
function inEnvFile(value: string, state: SecretState | null = null, more: Partial<Facts> = {}): Facts {
  const variables = [{ name: 'OUTKIT_API_KEY', line: 2, value: seenValue(value) }];
  const states = state === null ? new Map() : statesWith(SECRET, state);
  return healthyFacts({ envFile: knownFact(envFile({ variables })), states, ...more });
}

describe('a value', () => {
  it.each([
    ['', 'warn', 'OUTKIT_API_KEY in .env.local:2 is empty'],
    [
      `${PLAINTEXT.slice(0, -1)}${PLAINTEXT.endsWith('0') ? '1' : '0'}`,
      'fail',
      `OUTKIT_API_KEY in .env.local:2: ${MASKED} is damaged, its checksum is wrong`,
    ],
    [PLAINTEXT.slice(0, 20), 'fail', `OUTKIT_API_KEY in .env.local:2 holds ${MASKED} that is no Outkit key`],
    ['sk_live_somebody_elses_secret', 'fail', 'OUTKIT_API_KEY in .env.local:2 holds something that is no Outkit key'],
  ])('%j', (value, verdict, detail) => {
    expect(checkKeys(inEnvFile(value))).toEqual([{ verdict, detail, fix: value === '' ? NEW_KEY : NEW_KEY_IN_PLACE }]);
  });

  it('that is nowhere is a warning, unless it could not be looked for', () => {
    const none = healthyFacts({ envFile: knownFact(envFile()) });
    const detail = 'OUTKIT_API_KEY is neither in the environment nor in .env.local';
    expect(checkKeys(none)).toEqual([{ verdict: 'warn', detail, fix: NEW_KEY }]);
    const unknown = healthyFacts({ envFile: notLookedFact('needs outkit.json') });
    expect(checkKeys(unknown)).toEqual([{ verdict: 'skip', detail: 'needs outkit.json', fix: null }]);
  });

  it('of the environment is checked before those of the file, under whatever name those stand', () => {
    const value = seenValue(PLAINTEXT);
    const variables = [{ name: 'SHOP_KEY', line: 7, value: { kind: 'empty' } as const }];
    const facts = { environmentKey: value, envFile: knownFact(envFile({ variables })) };
    expect(checkKeys(healthyFacts({ ...facts, states: statesWith(SECRET, liveState()) }))).toEqual([
      {
        verdict: 'pass',
        detail: `OUTKIT_API_KEY of the environment: ${MASKED} of dev key (${KEY_ID}, development) is active`,
        fix: null,
      },
      { verdict: 'warn', detail: 'SHOP_KEY in .env.local:7 is empty', fix: `${NEW_KEY} --env-name SHOP_KEY` },
    ]);
  });
});

describe('a secret', () => {
  const ofKey = `${IN_FILE} of dev key (${KEY_ID}, development)`;
  const ended = (key: Partial<KeySummary>): KnownState => liveState({ secret: 'ended', stats: null }, key);
  const previousSecret = { start: 'okd_Old1', acceptedUntil: NOON + HOUR_MS, lastUsedAt: null };

  it.each<[string, SecretState, string, string, string | null]>([
    ['active', liveState(), 'pass', `${ofKey} is active`, null],
    [
      'rotating, the new one',
      liveState({}, { status: 'rotating', previousSecret }),
      'pass',
      `${ofKey} is active; its old secret is accepted until ${LATER}`,
      null,
    ],
    [
      'rotating, the old one',
      liveState({ secret: 'previous' }, { status: 'rotating', previousSecret }),
      'warn',
      `${ofKey} is the old secret, accepted until ${LATER}: put the new one there, or if nobody has it mint another`,
      `outkit keys rotate ${KEY_ID} --replace-new --env-file`,
    ],
    [
      'revoked',
      ended({ status: 'revoked', revokedAt: NOON }),
      'fail',
      `${ofKey} is refused: it was revoked on ${localTime(NOON)}`,
      NEW_KEY_IN_PLACE,
    ],
    [
      'expired',
      ended({ status: 'expired', expiresAt: NOON }),
      'fail',
      `${ofKey} is refused: it expired on ${localTime(NOON)}`,
      NEW_KEY_IN_PLACE,
    ],
    [
      'of an archived profile',
      ended({ status: 'archived' }),
      'fail',
      `${ofKey} is refused: its profile is archived`,
      NEW_KEY_IN_PLACE,
    ],
    [
      'replaced',
      ended({ endedSecrets: [{ start: SECRET.start, createdAt: 0, endedAt: NOON, reason: 'superseded' }] }),
      'fail',
      `${ofKey} is refused: it was replaced, and ended on ${localTime(NOON)}`,
      `outkit keys rotate ${KEY_ID} --env-file --force`,
    ],
    [
      'unknown to the server',
      { kind: 'unknown' },
      'fail',
      `${IN_FILE} is unknown to this server: it is of another server`,
      NEW_KEY_IN_PLACE,
    ],
    [
      'at its limit',
      liveState({ stats: stats(0) }),
      'warn',
      `${ofKey} is at its limit of 100 a minute; all of it is free again in 23 s`,
      `outkit keys stats ${KEY_ID}`,
    ],
    [
      'of another profile',
      liveState({}, { profileId: 'prof_3333333333333333' }),
      'warn',
      `${ofKey} belongs to profile prof_3333333333333333, not to that of outkit.json`,
      NEW_KEY_IN_PLACE,
    ],
  ])('%s', (_, state, verdict, detail, fix) => {
    expect(checkKeys(inEnvFile(PLAINTEXT, state))).toEqual([{ verdict, detail, fix }]);
  });

  it('of the environment is no value that could be replaced', () => {
    const facts = { environmentKey: seenValue(PLAINTEXT), states: statesWith(SECRET, { kind: 'unknown' }) };
    const fix = 'outkit keys create -n "dev key"';
    expect(checkKeys(healthyFacts({ ...facts, envFile: knownFact(envFile()) }))).toMatchObject([{ fix }]);
  });

  it('that the server was not asked about is skipped; an answer that was no answer is a failure', () => {
    expect(checkKeys(inEnvFile(PLAINTEXT))).toMatchObject([{ verdict: 'skip' }]);
    const states = new Map([[SECRET.hash, failedFact<SecretState>('The server failed', 'try again')]]);
    expect(checkKeys(inEnvFile(PLAINTEXT, null, { states }))).toEqual([
      { verdict: 'fail', detail: `${IN_FILE}: The server failed`, fix: 'try again' },
    ]);
  });
});
