import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/system/**', 'node_modules/**'],
    // Many tests wait for a daemon: two at a time take two cores best.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    pool: 'forks',
  },
});
