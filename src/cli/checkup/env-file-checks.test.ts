import { describe, expect, it } from 'vitest';
import { newSecret } from '../env-file/project.fixture.ts';
import { refuse } from '../env-file/refusal.ts';
import { checkBrowserVariables, checkEnvFile } from './env-file-checks.ts';
import type { EnvFileFacts } from './env-file-facts.ts';
import {
  envFile,
  failedFact,
  healthyFacts,
  KEY_ID,
  knownFact,
  liveState,
  notLookedFact,
  seenOf,
  statesWith,
} from './facts.fixture.ts';
import { seenValue } from './seen-secret.ts';

const PLAINTEXT = newSecret();
const SECRET = seenOf(PLAINTEXT);
const variables = [{ name: 'OUTKIT_API_KEY', line: 2, value: seenValue(PLAINTEXT) }];
const IGNORE = 'echo /.env.local >> .gitignore';

describe('the env file', () => {
  it.each<[string, Partial<EnvFileFacts>, [verdict: string, detail: string, fix: string | null][]]>([
    ['ignored', { variables }, [['pass', '.env.local, ignored by git', null]]],
    ['without git', { gitStatus: 'outside' }, [['pass', '.env.local, in no git repository', null]]],
    [
      'not there',
      { exists: false, gitStatus: 'not-ignored' },
      [['pass', 'none so far; keys create would make .env.local', null]],
    ],
    [
      'with a key, not ignored',
      { gitStatus: 'not-ignored', variables },
      [['fail', 'git does not ignore .env.local: git add would take it', IGNORE]],
    ],
    [
      'without a key, not ignored',
      { gitStatus: 'not-ignored' },
      [['warn', 'git does not ignore .env.local: git add would take it', IGNORE]],
    ],
    [
      'readable by others, and not ignored',
      { gitStatus: 'not-ignored', isReadableByOthers: true },
      [
        ['warn', 'git does not ignore .env.local: git add would take it', IGNORE],
        ['warn', 'other users of this machine can read .env.local', 'chmod 600 .env.local'],
      ],
    ],
    [
      'elsewhere, under a name for the shell',
      { shownPath: "apps/it's/.env", gitStatus: 'not-ignored' },
      [
        [
          'warn',
          "git does not ignore apps/it's/.env: git add would take it",
          "echo /.env >> 'apps/it'\\''s/.gitignore'",
        ],
      ],
    ],
    [
      'tracked, with a key that works',
      { gitStatus: 'tracked', variables, refusal: refuse('tracked', 'x', 'y') },
      [
        [
          'fail',
          'git tracks .env.local, and a key is in it: untrack it, then end its secret',
          `git rm --cached .env.local && ${IGNORE} && outkit keys rotate ${KEY_ID} --grace 0 --env-file`,
        ],
      ],
    ],
    [
      'tracked, without a key',
      { gitStatus: 'tracked', refusal: refuse('tracked', 'x', 'y') },
      [['fail', 'git tracks .env.local: what is in it gets committed', `git rm --cached .env.local && ${IGNORE}`]],
    ],
    [
      'refused by the writer',
      { refusal: refuse('directory', '.env.local is a directory.', 'name another file.'), gitStatus: null },
      [['fail', '.env.local is a directory', 'name another file']],
    ],
  ])('%s', (_, more, findings) => {
    const facts = healthyFacts({ envFile: knownFact(envFile(more)), states: statesWith(SECRET, liveState()) });
    expect(checkEnvFile(facts)).toEqual(findings.map(([verdict, detail, fix]) => ({ verdict, detail, fix })));
  });

  it('that could not be found is skipped with the reason', () => {
    const facts = healthyFacts({ envFile: notLookedFact('needs outkit.json, which may say where it is') });
    expect(checkEnvFile(facts)).toMatchObject([
      { verdict: 'skip', detail: 'needs outkit.json, which may say where it is' },
    ]);
  });
});

describe('a variable that browsers get', () => {
  const found = knownFact([{ name: 'VITE_KEY', place: '.env:3', secret: SECRET }]);
  const detail = `VITE_KEY in .env:3 gives ${SECRET.start}•••••••• of dev key (${KEY_ID}, development) to every browser`;

  it('fails with the command that ends the key', () => {
    const states = statesWith(SECRET, liveState());
    expect(checkBrowserVariables(healthyFacts({ browserVariables: found, states }))).toEqual([
      {
        verdict: 'fail',
        detail: `${detail}: rename it, and treat the key as leaked`,
        fix: `outkit keys revoke ${KEY_ID}`,
      },
    ]);
  });

  it('fails also when the key has ended, or nobody knows it: the next one would go the same way', () => {
    const ended = statesWith(SECRET, liveState({ secret: 'ended' }, { status: 'revoked' }));
    const fix = 'remove VITE_KEY from .env:3';
    const judge = (states: typeof ended) => checkBrowserVariables(healthyFacts({ browserVariables: found, states }));
    expect(judge(ended)).toEqual([{ verdict: 'fail', detail: `${detail}; it has ended`, fix }]);
    expect(judge(new Map())).toMatchObject([{ verdict: 'fail', fix }]);
  });

  it('without a key is none; a directory that cannot be read is a failure', () => {
    expect(checkBrowserVariables(healthyFacts())).toMatchObject([{ verdict: 'pass' }]);
    const browserVariables = failedFact<never>('EACCES', null);
    expect(checkBrowserVariables(healthyFacts({ browserVariables }))).toMatchObject([{ verdict: 'fail' }]);
  });
});
