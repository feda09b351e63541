import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** `bin/outkit.js` of the build under test. */
    readonly outkit: string;
  }
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the command line once before the tests, so that the acceptance tests never run an older build, and copies what is
 * published of it: a build that somebody makes in the checkout meanwhile does not change what is under test.
 */
export default function buildOnce(project: TestProject): () => void {
  execFileSync(process.execPath, ['scripts/build.js'], { cwd: ROOT, stdio: 'inherit' });
  const copy = mkdtempSync(join(tmpdir(), 'outkit-build-'));
  for (const name of ['bin', 'dist', 'package.json']) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  project.provide('outkit', join(copy, 'bin/outkit.js'));
  return () => rmSync(copy, { recursive: true, force: true });
}
