import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const BUILT = fileURLToPath(new URL('../../../dist/dashboard', import.meta.url));
const MAX_INITIAL_BYTES = 200 * 1024;

/** Scripts that are run before anything is shown: what the document names, and what those import at once. */
function initialScripts(): string[] {
  const document = readFileSync(join(BUILT, 'index.html'), 'utf8');
  const found = [...document.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map(([, name = '']) => name);
  for (const name of found) {
    const text = readFileSync(join(BUILT, 'assets', name), 'utf8');
    for (const [, imported = ''] of text.matchAll(/(?:^|[;}])import\s*(?:[\w*{][^"';]*?from\s*)?"\.\/([^"]+\.js)"/g)) {
      if (!found.includes(imported)) found.push(imported);
    }
  }
  return found;
}

it('the scripts that a browser loads first stay below 200 KB, compressed', () => {
  const scripts = initialScripts();
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, name) => sum + statSync(join(BUILT, 'assets', `${name}.gz`)).size, 0);
  expect(bytes).toBeLessThan(MAX_INITIAL_BYTES);
});

it('each file that is worth it is there compressed, and the document has no script or style of its own', () => {
  const names = readdirSync(join(BUILT, 'assets'));
  const plain = names.filter((name) => !/\.(?:br|gz)$/.test(name));
  expect(plain.filter((name) => !names.includes(`${name}.br`) || !names.includes(`${name}.gz`))).toEqual([]);
  const document = readFileSync(join(BUILT, 'index.html'), 'utf8');
  expect(document).not.toMatch(/<style|style=|<script[^>]*>[^<]|\son\w+=|https?:\/\//);
});
