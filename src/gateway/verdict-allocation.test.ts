import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const FIXTURE = fileURLToPath(new URL('verdict-allocation.fixture.ts', import.meta.url));
/** No collection by itself, and no compiler in another thread: the same bytes each time. */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=64', '--max-semi-space-size=64'];

test('a verdict takes at most 400 bytes of the heap, one on an unknown key 176, and one on a malformed key none', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...FLAGS, FIXTURE], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const bytes: Record<string, number> = JSON.parse(stdout);
  expect(bytes['accepted']).toBeLessThanOrEqual(400);
  expect(bytes['unknown']).toBeLessThanOrEqual(176);
  expect(bytes['malformed']).toBeLessThan(8);
  // Something was counted at all: the text of the hash.
  expect(bytes['unknown']).toBeGreaterThan(60);
});
