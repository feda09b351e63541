import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/build-once.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two workers: acceptance tests start real servers and must not starve each other on a small machine.
    maxWorkers: 2,
  },
});
