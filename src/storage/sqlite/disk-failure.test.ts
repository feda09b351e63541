import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireStrace } from '../../../test/require-strace.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const STORE = fileURLToPath(new URL('./open-sqlite-store.ts', import.meta.url));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outkit-disk-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Writes the times 1, 2, … to a disk that fails from some system call on, and tells how each write ended. */
function outcomesWith(fault: string): string[] {
  const script = `
    const { openSqliteStore } = await import(${JSON.stringify(STORE)});
    const store = await openSqliteStore({ directory: ${JSON.stringify(directory)} });
    for (let time = 1; time <= 40; time++) {
      console.log(await store.persistTime(time).then(() => 'written', ({ code }) => code));
    }`;
  const injection = ['-f', '-o', '/dev/null', '-e', `inject=${fault}`];
  const node = [process.execPath, '--input-type=module', '--eval', script];
  return execFileSync('strace', [...injection, ...node], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

/** The twentieth call comes after the store is open and before the last write. */
test.for([
  ['fails to sync, from then on', 'fsync:error=EIO:when=20+'],
  ['fails to sync, once', 'fsync:error=EIO:when=20..20'],
] as const)(
  'a disk that %s ends writing for good, and keeps all that was acknowledged (needs strace)',
  async ([, fault], context) => {
    requireStrace(context);
    const outcomes = outcomesWith(fault);
    const written = outcomes.indexOf('unavailable');
    expect(written).toBeGreaterThan(0);
    expect(outcomes).toEqual(outcomes.map((_, index) => (index < written ? 'written' : 'unavailable')));

    const store = await openSqliteStore({ directory });
    const time = await store.greatestTime();
    // The one whose sync failed may have reached the disk or not: that is why its outcome is never reported as known.
    expect([written, written + 1]).toContain(time);
    await store.close();
  },
);
