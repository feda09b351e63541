import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../core/clock.ts';
import { newSecret } from '../env-file/project.fixture.ts';
import { refuse } from '../env-file/refusal.ts';
import { NOON } from '../machine.fixture.ts';
import { checkHistory } from './committed-checks.ts';
import { checkEnvFile } from './env-file-checks.ts';
import type { EnvFileFacts } from './env-file-facts.ts';
import { envFile, healthyFacts, KEY_ID, knownFact, liveState, seenOf, statesWith } from './facts.fixture.ts';
import { leakFix } from './leak-fix.ts';
import type { SecretState } from './secret-state.ts';
import { seenValue } from './seen-secret.ts';

const PLAINTEXT = newSecret();
const SECRET = seenOf(PLAINTEXT);
const UNTRACK = 'git rm --cached .env.local && echo /.env.local >> .gitignore';

const previousSecret = { start: 'okd_Old1', acceptedUntil: NOON + HOUR_MS, lastUsedAt: null };
const CURRENT = liveState();
const NEWEST = liveState({}, { status: 'rotating', previousSecret });
const PREVIOUS = liveState({ secret: 'previous' }, { status: 'rotating', previousSecret });

function factsWith(state: SecretState, file: Partial<EnvFileFacts>) {
  return healthyFacts({ envFile: knownFact(envFile(file)), states: statesWith(SECRET, state) });
}

describe('the command that ends a leaked secret', () => {
  const held = (name = 'OUTKIT_API_KEY') => [{ name, line: 2, value: seenValue(PLAINTEXT) }];
  const tracked = { gitStatus: 'tracked', refusal: refuse('tracked', 'x', 'y') } as const;
  const elsewhere = refuse('outside-project', 'x', 'y');

  it.each<[string, SecretState, Partial<EnvFileFacts>, string | null]>([
    ['of a key that is used elsewhere', CURRENT, {}, `keys revoke ${KEY_ID}`],
    ['in the env file', CURRENT, { variables: held() }, `keys rotate ${KEY_ID} --grace 0 --env-file`],
    [
      'in the env file under another name',
      CURRENT,
      { variables: held('SHOP_KEY') },
      `keys rotate ${KEY_ID} --grace 0 --env-file --env-name SHOP_KEY`,
    ],
    [
      'in the env file, newest in a grace window',
      NEWEST,
      { variables: held() },
      `keys rotate ${KEY_ID} --replace-new --env-file`,
    ],
    [
      'in an env file that takes no key',
      CURRENT,
      { variables: held(), refusal: elsewhere, gitStatus: null },
      `keys revoke ${KEY_ID}`,
    ],
    ['replaced already', PREVIOUS, {}, `keys rotate ${KEY_ID} --end-grace`],
    ['replaced already, and in the env file', PREVIOUS, { variables: held() }, `keys rotate ${KEY_ID} --end-grace`],
    ['that has ended', liveState({ secret: 'ended' }), { variables: held() }, null],
    ['of another server', { kind: 'unknown' }, { variables: held() }, null],
  ])('%s', (_, state, file, command) => {
    expect(leakFix(SECRET, factsWith(state, file))).toBe(command === null ? null : `outkit ${command}`);
  });

  it.each([
    [CURRENT, '--grace 0 --env-file'],
    [NEWEST, '--replace-new --env-file'],
    [PREVIOUS, '--end-grace'],
  ])('is one and the same for a tracked env file and its history', (state, flags) => {
    const history = knownFact({
      found: [{ secret: SECRET, place: 'commit 1f2e3d4c5b, .env.local' }],
      commits: 2,
      oversized: 0,
      incomplete: null,
    });
    const facts = { ...factsWith(state, { variables: held(), ...tracked }), history };
    const fixes = [...checkEnvFile(facts), ...checkHistory(facts)].map(({ fix }) => fix);
    const fix = `${UNTRACK} && outkit keys rotate ${KEY_ID} ${flags}`;
    expect(fixes).toEqual([fix, fix]);
  });
});
