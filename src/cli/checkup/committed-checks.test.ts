import { describe, expect, it } from 'vitest';
import { newSecret } from '../env-file/project.fixture.ts';
import { checkFiles, checkHistory } from './committed-checks.ts';
import {
  failedFact,
  healthyFacts,
  KEY_ID,
  knownFact,
  liveState,
  notLookedFact,
  seenOf,
  statesWith,
} from './facts.fixture.ts';
import type { Facts } from './facts.ts';
import type { HistorySearch } from './git-history.ts';
import type { SecretStates } from './secret-state.ts';
import type { TreeSearch } from './working-tree.ts';

const SECRET = seenOf(newSecret());
const MASKED = `${SECRET.start}••••••••`;
const OF_KEY = `${MASKED} of dev key (${KEY_ID}, development)`;
const REVOKE = `outkit keys revoke ${KEY_ID}`;
const LIVE = statesWith(SECRET, liveState());
const ENDED = statesWith(SECRET, liveState({ secret: 'ended' }, { status: 'revoked' }));
const UNKNOWN = statesWith(SECRET, { kind: 'unknown' });
const UNCHECKED: SecretStates = new Map();

function history(more: Partial<HistorySearch>, states: SecretStates = LIVE): Facts {
  return healthyFacts({
    history: knownFact({ found: [], commits: 2, oversized: 0, incomplete: null, ...more }),
    states,
  });
}

function tree(more: Partial<TreeSearch>, states: SecretStates = LIVE): Facts {
  return healthyFacts({ tree: knownFact({ found: [], files: 2, isComplete: true, ...more }), states });
}

describe('the history', () => {
  const found = [{ secret: SECRET, place: 'commit 1f2e3d4c5b, src/a.ts' }];
  const incomplete = { why: 'not finished', fix: 'git log' };
  it.each<[string, Facts, [string, string, string | null][]]>([
    ['without keys', history({}), [['pass', 'no key in 2 commits', null]]],
    ['of one commit', history({ commits: 1 }), [['pass', 'no key in 1 commit', null]]],
    [
      'with a file left out',
      history({ oversized: 1 }),
      [['pass', 'no key in 2 commits; 1 file over 10 MiB left out', null]],
    ],
    [
      'with a key that works',
      history({ found }),
      [['fail', `${OF_KEY} is in commit 1f2e3d4c5b, src/a.ts, and works`, REVOKE]],
    ],
    [
      'with a key that ended: revoking is what helps, so there is nothing left to do',
      history({ found }, ENDED),
      [['pass', 'no key that works in 2 commits; 1 that ended', null]],
    ],
    [
      'with a key of another server',
      history({ found }, UNKNOWN),
      [
        [
          'warn',
          `${MASKED} is in commit 1f2e3d4c5b, src/a.ts; this server does not know it`,
          'revoke it at its own server',
        ],
      ],
    ],
    [
      'with a key that could not be asked about',
      history({ found }, UNCHECKED),
      [
        [
          'fail',
          `${MASKED} is in commit 1f2e3d4c5b, src/a.ts; whether it still works was not asked`,
          'outkit doctor, once the server answers',
        ],
      ],
    ],
    ['that was not searched to the end', history({ incomplete }), [['warn', 'not finished', 'git log']]],
    [
      'with a key, and not searched to the end',
      history({ found, incomplete }),
      [
        ['fail', `${OF_KEY} is in commit 1f2e3d4c5b, src/a.ts, and works`, REVOKE],
        ['warn', 'not finished', 'git log'],
      ],
    ],
    [
      'of no repository',
      healthyFacts({ history: notLookedFact('no git repository') }),
      [['skip', 'no git repository', null]],
    ],
  ])('%s', (_, facts, findings) => {
    expect(checkHistory(facts)).toEqual(findings.map(([verdict, detail, fix]) => ({ verdict, detail, fix })));
  });

  it('with very many keys shows twenty', () => {
    const many = Array.from({ length: 23 }, () => ({ secret: seenOf(newSecret()), place: 'commit 1, a' }));
    const findings = checkHistory(history({ found: many }));
    expect(findings).toHaveLength(21);
    expect(findings.at(-1)).toMatchObject({ verdict: 'fail', detail: '3 more keys were found' });
  });
});

describe('the files', () => {
  const inFile = (isTracked: boolean) => [{ secret: SECRET, path: 'src/a.ts', isTracked }];
  it.each<[string, Facts, [string, string, string | null][]]>([
    ['without keys', tree({}), [['pass', 'no key in 2 files', null]]],
    [
      'one of them tracked, with a key that works',
      tree({ found: inFile(true) }),
      [['fail', `${OF_KEY} is in src/a.ts, which git tracks, and works`, REVOKE]],
    ],
    [
      'one of them about to be added',
      tree({ found: inFile(false) }),
      [['warn', `${OF_KEY} is in src/a.ts: git add would take it`, 'move it out of src/a.ts']],
    ],
    [
      'with a key that ended',
      tree({ found: inFile(true) }, ENDED),
      [['pass', 'no key that works in 2 files; 1 that ended', null]],
    ],
    [
      'too many to be searched',
      tree({ isComplete: false }),
      [['warn', 'not finished: 2 files were searched', 'git status']],
    ],
    [
      'that git does not list',
      healthyFacts({ tree: failedFact('git failed', null) }),
      [['warn', 'git cannot list the files of the project', 'git status']],
    ],
  ])('%s', (_, facts, findings) => {
    expect(checkFiles(facts)).toEqual(findings.map(([verdict, detail, fix]) => ({ verdict, detail, fix })));
  });
});
