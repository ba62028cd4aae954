import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'lambdas/**/*.test.ts',
      'batch-jobs/**/*.test.ts',
      'lib/**/*.test.ts',
      'test/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    reporters: ['default', new ClosingLine()],
    globalSetup: ['test/support/shared-system.ts'],
    // Time-outs are there to end what hangs, not to judge speed: a busy machine makes seconds of a test last ten times.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Whole-system tests start child processes: two files at a time is what a two-core machine bears.
    maxWorkers: 2,
  },
});
