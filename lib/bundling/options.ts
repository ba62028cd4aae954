import { resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** Root of the repository: bundles are the same wherever the command was started. */
export const repository = resolve(import.meta.dirname, '../..');

/**
 * What every bundle of ours is made with. Chunks: what the sources import on demand is a file of its own, which a process that does
 * not need it never reads.
 *
 * - `mainFields` prefers ES modules: half the size of the SDK's CommonJS.
 * - The banner gives CommonJS inside the bundle a `require`, without which the SDK ends with `Dynamic require of "node:https" is
 *   not supported`.
 */
export const bundleOptions = {
  absWorkingDir: repository,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  splitting: true,
  mainFields: ['module', 'main'],
  minify: true,
  // Stacks in the log name our functions: 5 % more bytes.
  keepNames: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'silent',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  banner: {
    js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/**
 * Packages that stay packages: binaries, WebAssembly beside its loader, and a table of 0.8 MB that few processes open. The sources
 * load them by `import()` or `require` when they need them, so that nothing of them runs at a cold start.
 */
export const runtimePackages = ['sharp', '@cornerstonejs/codec-openjpeg', 'proj4-list'] as const;
export type RuntimePackage = (typeof runtimePackages)[number];
