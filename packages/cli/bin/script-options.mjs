/** How esbuild makes one script of an entry and all it needs, for run-bundled.mjs. */
export const scriptOptions = {
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  // A script that V8 keeps compiled asks for modules, and imports none.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'here' },
  minifyWhitespace: true,
  logLevel: 'silent',
  // Packages with native parts stay where they are, and clients of AWS: a third of all code, for a few commands.
  external: ['sharp', '@duckdb/*', '*.node', '@aws-sdk/*', '@smithy/*'],
};
