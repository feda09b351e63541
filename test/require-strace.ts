import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Skips the test where strace is missing or may not trace; where it has to be there, the test fails. */
export function requireStrace({ skip }: TestContext): void {
  const { status, stderr, error } = spawnSync('strace', ['-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (status === 0) return;
  const reason = `strace does not work here: ${error?.message ?? stderr}`;
  if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(reason);
  skip(reason);
}
