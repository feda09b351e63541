import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readPackageFacts } from './package-facts.ts';

/** A home with these files. */
function homeWith(files: Readonly<Record<string, string>>): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-facts-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), contents);
  }
  return home;
}

it('takes the nearest package.json upward, with dependencies of every kind, scripts and files', () => {
  const home = homeWith({
    'repo/package.json': '{ "workspaces": ["apps/*"] }',
    'repo/apps/web/package.json':
      '\ufeff{ "type": "module", "dependencies": { "a": "1" }, "devDependencies": { "b": "1" }, "scripts": { "dev": "x", "odd": 7 } }',
    'repo/apps/web/src/app/page.tsx': '',
    'repo/apps/web/lib/deep/file.js': '',
  });
  const facts = readPackageFacts({ cwd: join(home, 'repo/apps/web/lib/deep'), home });
  expect(facts).toMatchObject({
    directory: join(home, 'repo/apps/web'),
    isModule: true,
    isWorkspaceRoot: false,
    problem: null,
  });
  expect([facts.dependencies, facts.scripts]).toEqual([new Set(['a', 'b']), { dev: 'x' }]);
  expect(facts.files).toEqual(new Set(['lib', 'package.json', 'src', 'src/app']));
  expect(readPackageFacts({ cwd: join(home, 'repo/apps'), home }).isWorkspaceRoot).toBe(true);
});

it('does not look past the root of the repository, nor the home directory', () => {
  const home = homeWith({ 'package.json': '{}', 'repo/.git/HEAD': '', 'repo/lib/a.js': '' });
  expect(readPackageFacts({ cwd: join(home, 'repo/lib'), home })).toMatchObject({ directory: join(home, 'repo/lib') });
  expect(readPackageFacts({ cwd: join(home, 'repo/lib'), home: join(home, 'repo') }).problem).toBeNull();
});

it.each([['{'], ['[]'], ['null'], ['']])('takes %j for no package, and says so', (contents) => {
  const home = homeWith({ 'package.json': contents });
  const { dependencies, problem } = readPackageFacts({ cwd: home, home });
  expect([dependencies.size, problem]).toEqual([0, `${join(home, 'package.json')} cannot be read as JSON`]);
});

it('reads no package.json that is a directory or huge', () => {
  const home = homeWith({ 'package.json/x': '' });
  expect(readPackageFacts({ cwd: home, home }).problem).toContain('is no file, or too large');
});
