import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'lambdas/**/*.test.ts',
      'batch-jobs/**/*.test.ts',
      'test/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    testTimeout: 20_000,
    // Whole-system tests start child processes: two files at a time is what a two-core machine bears.
    maxWorkers: 2,
  },
});
