import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const SOURCE = [
  'src/**/*.test.ts',
  'dashboard/src/**/*.test.ts',
  'test/*.test.ts',
  'test/contract/**/*.test.ts',
  'test/http/**/*.test.ts',
  'test/revocation-model/**/*.test.ts',
  'test/limits/**/*.test.ts',
  'test/soak/**/*.test.ts',
];

/** They start the built program. */
const SOAK = ['test/soak/soak.test.ts', 'test/soak/sabotage.test.ts'];

/** What they mock would be mocked for the files after them, or would be loaded already. */
const MOCKING = globSync(SOURCE, { cwd: import.meta.dirname }).filter((path) =>
  readFileSync(new URL(path, import.meta.url), 'utf8').includes('vi.mock('),
);

// Somebody waits a tenth of a second for each hash on purpose. The built program keeps to that: test/acceptance/passwords.test.ts.
const cheapPasswords = {
  'better-auth/crypto': new URL('test/cheap-passwords.ts', import.meta.url).pathname,
};

/** They wait for other processes, polls and pauses for much of their time, so that one more finds a core free. */
const WAITING = { maxWorkers: 3, sequence: { groupOrder: 0 } };

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Tests start real servers and terminals, which must not starve each other on a small machine.
    maxWorkers: 2,
    // To load everything anew for each file takes longer than most files do.
    isolate: false,
    sequence: { sequencer: LongestFirst, groupOrder: 1 },
    projects: [
      {
        extends: true,
        test: { name: 'source', include: SOURCE, exclude: [...MOCKING, ...SOAK], alias: cheapPasswords },
      },
      {
        extends: true,
        test: { name: 'mocking', include: MOCKING, alias: cheapPasswords, isolate: true },
      },
      {
        extends: true,
        // axe looks at each page for a second or two.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          // What a browser draws and when it takes a key press is not in the hands of a test. What is wrong fails twice, and what was tried twice is named.
          retry: 1,
          globalSetup: ['test/build-once.ts', 'test/browser/browser-once.ts'],
          alias: cheapPasswords,
          ...WAITING,
        },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: ['test/acceptance/**/*.test.ts', ...SOAK],
          globalSetup: ['test/build-once.ts'],
          setupFiles: ['test/acceptance/end-servers.ts'],
          ...WAITING,
        },
      },
    ],
  },
});
