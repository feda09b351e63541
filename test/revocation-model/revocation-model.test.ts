import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ABLATIONS } from './ablations.ts';
import type { Configuration } from './configuration.ts';
import { CONFIGURATIONS, type ConfigurationName, STATES } from './configurations.ts';
import { PROPERTIES } from './properties.ts';
import { RULES, type Rule, rulesWithout } from './rules.ts';
import { type Result, search } from './search.ts';
import { follow, printed, traceOf } from './trace.ts';

const protocol = rulesWithout(null);

describe.each(Object.entries(CONFIGURATIONS))('the protocol, with %s', (name, configuration: Configuration) => {
  let result: Result | undefined;

  it(`keeps its promises in every state that can be reached: ${configuration.name}`, () => {
    result = search(configuration, protocol);
    expect(result.path === null ? '' : printed(traceOf(configuration, protocol, result.path))).toBe('');
  });

  it('was searched as far as the figures say, and did everything that it can', () => {
    expect(result?.states).toBe(STATES[name as ConfigurationName]);
    expect(result?.neverTaken).toEqual([]);
  });
});

describe('two gateways that may be swapped', () => {
  it('hide no violation, and a path through swapped states can be walked', () => {
    const rules = rulesWithout('appliesBeforeRecord');
    const { path } = search(CONFIGURATIONS.two, rules);
    const trace = path === null ? [] : traceOf(CONFIGURATIONS.two, rules, path);
    expect(trace.at(-1)?.after).toContain('BROKEN');
  });
});

describe('each rule is needed', () => {
  it.each(Object.entries(RULES))('%s: %s', (name) => {
    const rule = name as Rule;
    const { breaks, lengthSteps } = ABLATIONS[rule];
    const configuration: Configuration = CONFIGURATIONS[ABLATIONS[rule].configuration];
    const { path } = search(configuration, rulesWithout(rule), breaks);
    if (path === null) throw new Error('nothing breaks without it');

    const texts = traceOf(configuration, rulesWithout(rule), path).map(({ text }) => text);
    expect(texts).toHaveLength(lengthSteps);
    expect(follow(configuration, rulesWithout(rule), texts, breaks)).toBe(PROPERTIES[breaks]);
    expect(follow(configuration, protocol, texts)).toBeNull();
  });
});

describe('docs/revocation.md', () => {
  const page = readFileSync(new URL('../../docs/revocation.md', import.meta.url), 'utf8');

  it.each(Object.entries(STATES))('has the figure of %s', (name, states) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|.*\\| ${states.toLocaleString('en')} \\|`, 'm'));
  });

  it.each(Object.entries(ABLATIONS))('has the hole without %s', (rule, { configuration, breaks, lengthSteps }) => {
    expect(page).toContain(
      `| ${RULES[rule as Rule]} | \`${rule}\` | \`${configuration}\` | ${lengthSteps} | ${breaks} |`,
    );
  });
});
