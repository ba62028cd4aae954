import { cpSync, globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bundle, bundle } from './bundle.ts';
import { type RuntimePackage, repository } from './options.ts';

/** Folders of lambdas/ that hold a handler, sorted. */
export function handlerNames(): readonly string[] {
  return globSync('lambdas/*/handler.ts', { cwd: repository })
    .map((file) => dirname(file).split('/').at(-1) ?? '')
    .sort();
}

/** Modules that worker threads of a handler start with: they lie beside its entry. */
const threads: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  api: {
    'start-evaluator': 'packages/api/src/openeo/evaluator/start-evaluator.ts',
    'start-worker': 'packages/raster/src/engine/start-worker.ts',
  },
};

/** `handler` of the Lambda function whose code is {@link bundleHandler}'s folder. */
export const handlerEntry = 'index.handler';

/**
 * Files of packages that a handler may load at run time, beside its bundle, by the source that loads them. All are the same on every
 * processor; sharp is not among them: handlers that draw get it as the binary of their own architecture.
 */
const carried: readonly {
  readonly source: string;
  readonly package: RuntimePackage;
  readonly files: readonly string[];
}[] = [
  {
    source: 'packages/raster/src/codec/openjpeg.ts',
    package: '@cornerstonejs/codec-openjpeg',
    files: ['package.json', 'dist/openjpegwasm_decode.js', 'dist/openjpegwasm_decode.wasm'],
  },
  {
    source: 'packages/geo/src/epsg.ts',
    package: 'proj4-list',
    files: ['package.json', 'dist/list.min.js'],
  },
];

/** Builds the code of one Lambda function into an empty folder. The same sources give the same bytes. */
export function bundleHandler(name: string, folder: string): Bundle {
  const made = bundle({ index: `lambdas/${name}/handler.ts`, ...threads[name] }, folder);
  const files = new Map(made.files);
  for (const { source, package: from, files: wanted } of carried) {
    if (!made.sources.includes(source)) continue;
    for (const file of wanted) {
      const path = join('node_modules', from, file);
      cpSync(join(repository, path), join(made.folder, path));
      files.set(path, statSync(join(made.folder, path)).size);
    }
  }
  return { ...made, files };
}
