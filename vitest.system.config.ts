import { defineConfig } from 'vitest/config';

/** Tests against real peers (Debian packages): slower, and they need those packages. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 240_000 } },
    pool: 'forks',
    fileParallelism: false,
  },
});
