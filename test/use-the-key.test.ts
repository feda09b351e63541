import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { typesOfApps } from '../src/cli/framework/proxy.fixture.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The blocks that are written by hand: the others are what `outkit init` writes, and are compiled with it. */
function handwrittenBlocks(): string[] {
  const [written = ''] = readFileSync(join(ROOT, 'docs/use-the-key.md'), 'utf8').split('<!-- proxies');
  return [...written.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
}

it('the code of docs/use-the-key.md compiles strictly in an app', () => {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-use-the-key-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const blocks = handwrittenBlocks();
  expect(blocks).toHaveLength(3);
  for (const [number, code] of blocks.entries()) writeFileSync(join(directory, `block-${number}.ts`), code);
  const compilerOptions = {
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: 'preserve',
    target: 'es2024',
    strict: true,
    noEmit: true,
    noUnusedLocals: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: [],
    paths: typesOfApps(directory),
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const problems = () => execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', directory], { encoding: 'utf8' });
  expect(problems).not.toThrow();
});
