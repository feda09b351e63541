import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { STYLESHEET } from './stylesheet.ts';

const DASHBOARD = readFileSync(new URL('../../../dashboard/src/styles/base.css', import.meta.url), 'utf8');

/** Those of a block of declarations, by name. */
function coloursIn(block: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...block.matchAll(/(--[a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

it('the pages without scripts have the colours of the dashboard, in light and in dark', () => {
  const [light = '', dark = ''] = [...STYLESHEET.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block);
  const pairs = [...DASHBOARD.matchAll(/(--[a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)];
  const shared = pairs.filter(([, name = '']) => name in coloursIn(light));
  expect(shared.length).toBeGreaterThan(12);
  for (const [, name = '', day, night] of shared) {
    expect([name, coloursIn(light)[name], coloursIn(dark)[name]]).toEqual([name, day, night]);
  }
});
