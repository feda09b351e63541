import { expect, it } from 'vitest';
import { newSecret } from '../env-file/project.fixture.ts';
import { checkBuilds } from './build-checks.ts';
import type { BuildSearch } from './build-search.ts';
import {
  buildSearch,
  envFile,
  healthyFacts,
  KEY_ID,
  knownFact,
  liveState,
  seenOf,
  statesWith,
} from './facts.fixture.ts';
import type { SecretStates } from './secret-state.ts';
import { seenValue } from './seen-secret.ts';

const PLAINTEXT = newSecret();
const SECRET = seenOf(PLAINTEXT);
const LIVE = statesWith(SECRET, liveState());
const found = [{ secret: SECRET, place: 'dist/a.js:1:7' }];
const MASKED = `${SECRET.start}••••••••`;
const OF_KEY = `${MASKED} of dev key (${KEY_ID}, development)`;
const IS_THERE = 'is in dist/a.js:1:7, which browsers get';
const DO = 'Take it out of the code, end it, and build again';
const nothing = { oversized: 0, unreadable: 0, links: 0 };
const WHOLE = "grep -rlE 'ok[dsp]_[0-9A-Za-z]{38}' dist";

function facts(more: Partial<BuildSearch>, states: SecretStates = LIVE) {
  return healthyFacts({ builds: knownFact(buildSearch(more)), states });
}

it.each<[string, Partial<BuildSearch>, SecretStates, [verdict: string, detail: string, fix: string | null][]]>([
  ['without a build', { folders: [] }, LIVE, [['pass', 'no build output so far', null]]],
  ['without a key', { folders: ['dist', 'public'] }, LIVE, [['pass', 'no key in 3 files of dist, public', null]]],
  [
    'with a key that works',
    { found },
    LIVE,
    [['fail', `${OF_KEY} ${IS_THERE}, and works. ${DO}`, `outkit keys revoke ${KEY_ID}`]],
  ],
  [
    'with a key that has ended: the next one would get there too',
    { found },
    statesWith(SECRET, liveState({ secret: 'ended' }, { status: 'revoked' })),
    [['fail', `${OF_KEY} ${IS_THERE}; it has ended. ${DO}`, 'take it out of the code, and build again']],
  ],
  [
    'with a key of another server',
    { found },
    statesWith(SECRET, { kind: 'unknown' }),
    [['fail', `${MASKED} ${IS_THERE}; this server does not know it. ${DO}`, 'revoke it at its own server']],
  ],
  [
    'with a key that could not be asked about',
    { found },
    new Map(),
    [
      [
        'fail',
        `${MASKED} ${IS_THERE}; whether it still works was not asked. ${DO}`,
        'outkit doctor, once the server answers',
      ],
    ],
  ],
  [
    'with files that are too large, and links',
    { leftOut: { ...nothing, oversized: 1, links: 2 } },
    LIVE,
    [['pass', 'no key in 3 files of dist; 1 file over 5 MiB left out; 2 links not followed', null]],
  ],
  [
    'with a file that cannot be read',
    { leftOut: { ...nothing, unreadable: 1 } },
    LIVE,
    [['warn', 'no key in 3 files of dist; 1 more cannot be read', WHOLE]],
  ],
  [
    'that was not searched to its end, with a key',
    { found, stoppedBy: '20000 files' },
    LIVE,
    [
      ['fail', `${OF_KEY} ${IS_THERE}, and works. ${DO}`, `outkit keys revoke ${KEY_ID}`],
      ['warn', 'not finished: ended after 20000 files, with 3 files of dist', WHOLE],
    ],
  ],
])('build output %s', (_, search, states, findings) => {
  expect(checkBuilds(facts(search, states))).toEqual(
    findings.map(([verdict, detail, fix]) => ({ verdict, detail, fix })),
  );
});

it('with the key of the env file is mended by one that takes its place there', () => {
  const variables = [{ name: 'OUTKIT_API_KEY', line: 1, value: seenValue(PLAINTEXT) }];
  const [finding] = checkBuilds({ ...facts({ found }), envFile: knownFact(envFile({ variables })) });
  expect(finding?.fix).toBe(`outkit keys rotate ${KEY_ID} --grace 0 --env-file`);
});
