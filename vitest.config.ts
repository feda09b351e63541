import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Tests start real servers and terminals, which must not starve each other on a small machine.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: [
            'src/**/*.test.ts',
            'test/*.test.ts',
            'test/contract/**/*.test.ts',
            'test/http/**/*.test.ts',
            'test/revocation-model/**/*.test.ts',
            'test/limits/**/*.test.ts',
            'test/soak/**/*.test.ts',
          ],
          exclude: ['test/soak/soak.test.ts', 'test/soak/sabotage.test.ts'],
        },
      },
      {
        extends: true,
        // axe looks at each page for a second or two.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          globalSetup: ['test/build-once.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: ['test/acceptance/**/*.test.ts', 'test/soak/{soak,sabotage}.test.ts'],
          globalSetup: ['test/build-once.ts'],
        },
      },
    ],
  },
});
