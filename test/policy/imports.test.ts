import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What each part may import, besides itself and npm packages. The order is the architecture. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  geo: ['core'],
  http: ['core'],
  raster: ['core', 'geo', 'http'],
  stac: ['core', 'geo'],
  graph: ['core', 'geo', 'raster'],
  ports: ['core', 'geo', 'stac'],
  requests: ['core', 'geo', 'stac', 'graph', 'raster', 'ports'],
  catalog: ['core', 'geo', 'stac', 'ports'],
  tiles: ['core', 'geo', 'raster', 'graph'],
  analytics: ['core', 'geo', 'stac', 'ports', 'requests'],
  providers: ['core', 'geo', 'http', 'stac', 'ports'],
  aws: ['core', 'ports'],
  uploads: ['core', 'geo', 'stac', 'raster', 'ports', 'providers', 'catalog'],
  products: [
    'core',
    'geo',
    'stac',
    'graph',
    'raster',
    'requests',
    'ports',
    'providers',
    'catalog',
    'analytics',
  ],
  api: [
    'core',
    'geo',
    'stac',
    'graph',
    'raster',
    'requests',
    'ports',
    'providers',
    'products',
    'catalog',
    'tiles',
    'analytics',
    'uploads',
  ],
  lambdas: [
    'core',
    'http',
    'geo',
    'stac',
    'graph',
    'raster',
    'requests',
    'ports',
    'providers',
    'products',
    'api',
    'aws',
    'catalog',
    'tiles',
    'analytics',
    'uploads',
  ],
  'batch-jobs': [
    'core',
    'geo',
    'stac',
    'graph',
    'raster',
    'requests',
    'ports',
    'providers',
    'products',
    'aws',
    'catalog',
    'analytics',
    // Only its storage adapters, loaded on demand: the same entrypoints run on one machine.
    'local',
  ],
  // Synth time: handlers' contracts and what tables and views look like, never code that runs.
  bin: ['lib'],
  lib: ['core', 'lambdas', 'batch-jobs', 'aws', 'analytics', 'ports'],
  local: '*'.split(''),
  cli: '*'.split(''),
};

/** npm packages that only some parts may touch. */
const reserved: readonly (readonly [pattern: RegExp, ...parts: string[]])[] = [
  [/^@aws-sdk\//, 'aws'],
  [/^undici$/, 'http'],
  [/^node:sqlite$/, 'local'],
  [/^geotiff$/, 'raster'],
  [/^sharp$/, 'raster'],
  [/^stac-js/, 'stac'],
  [/^proj4/, 'geo'],
  [/^@duckdb\//, 'analytics'],
  [/^pg$/, 'analytics'],
  [/^(aws-cdk-lib|constructs|cdk-nag)/, 'lib', 'bin'],
];

function partOf(file: string): string {
  const [top, second] = relative(root, file).split('/');
  return top === 'packages' ? (second ?? '') : (top ?? '');
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

const files = globSync(
  ['packages/*/src/**/*.ts', 'lambdas/**/*.ts', 'batch-jobs/**/*.ts', 'bin/**/*.ts', 'lib/**/*.ts'],
  { cwd: root },
)
  .map((file) => join(root, file))
  .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.fixture.ts'));

describe('imports', () => {
  it('go one way between parts, and reserved packages stay in their part', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const part = partOf(file);
      const may = allowed[part];
      if (may === undefined) {
        wrong.push(`${relative(root, file)}: part "${part}" is not in the table`);
        continue;
      }
      for (const specifier of importsOf(file)) {
        const target = specifier.startsWith('@swath/')
          ? specifier.split('/')[1]
          : specifier.startsWith('.')
            ? partOf(resolve(dirname(file), specifier))
            : undefined;
        if (target !== undefined && target !== part && !may.includes(target) && !may.includes('*')) {
          wrong.push(`${relative(root, file)} imports ${target}`);
        }
        for (const [pattern, ...owners] of reserved) {
          if (pattern.test(specifier) && !owners.includes(part)) {
            wrong.push(`${relative(root, file)} imports ${specifier}, reserved to ${owners.join(', ')}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are found at all', () => {
    expect(files.length).toBeGreaterThan(10);
  });
});
