import { describe, expect, it } from 'vitest';
import type { FoundServer } from '../server-choice.ts';
import type { Fact } from './fact.ts';
import { failedFact, healthyFacts, knownFact, notLookedFact } from './facts.fixture.ts';
import { checkConfig, checkNode } from './machine-checks.ts';
import type { ConfigFacts } from './project-facts.ts';

describe('node', () => {
  it.each([
    ['v22.18.0', '/usr/bin/node', 'pass'],
    ['v24.0.0', '/usr/bin/node', 'pass'],
    ['v22.17.9', '/usr/bin/node', 'fail'],
    ['v20.20.2', '/usr/bin/node', 'fail'],
    ['v9.99.0', '/usr/bin/node', 'fail'],
  ])('%s is a %s', (version, path, verdict) => {
    expect(checkNode({ node: { version, path } })).toMatchObject({ verdict });
  });

  it('says when it is the one that the package brings along', () => {
    const path = '/app/node_modules/node/bin/node';
    expect(checkNode({ node: { version: 'v24.21.0', path } }).detail).toBe(
      'v24.21.0, the one that the package brings along',
    );
  });
});

describe('config', () => {
  const config = { path: '/app/outkit.json' };
  it.each<[string, Fact<ConfigFacts>, string, string, string | null]>([
    ['read', knownFact({ config, warnings: [] }), 'pass', '/app/outkit.json', null],
    [
      'with an unknown field',
      knownFact({ config, warnings: ['/app/outkit.json:2: unknown field "x" is ignored'] }),
      'warn',
      '/app/outkit.json:2: unknown field "x" is ignored',
      'edit /app/outkit.json',
    ],
    [
      'under a name for the shell, with an unknown field',
      knownFact({ config: { path: "/it's/outkit.json" }, warnings: ['unknown'] }),
      'warn',
      'unknown',
      "edit '/it'\\''s/outkit.json'",
    ],
    [
      'not there',
      knownFact({ config: null, warnings: [] }),
      'warn',
      'there is no outkit.json here or above',
      'outkit dev',
    ],
    [
      'broken',
      failedFact('/app/outkit.json:3: is not JSON here', null),
      'fail',
      '/app/outkit.json:3: is not JSON here',
      'correct it in an editor',
    ],
  ])('that is %s', (_, fact, verdict, detail, fix) => {
    const server = notLookedFact<FoundServer>('none');
    expect(checkConfig({ config: fact, server })).toEqual({ verdict, detail, fix });
  });

  it('that is not there is made by init where a server is', () => {
    const config = knownFact({ config: null, warnings: [] });
    expect(checkConfig(healthyFacts({ config }))).toMatchObject({ verdict: 'warn', fix: 'outkit init' });
  });
});
