// Bundles the command line and its worker threads for a quick start: hundreds of modules become one script each (run-bundled.mjs).
// bin/swath.mjs starts this beside a command that had to run from the sources, and takes the bundle from then on, while it is fresh.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { scriptOptions } from './script-options.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const built = join(here, '..', 'built');

/** A process that runs from the bundle before may still load parts of it. */
const BUNDLES_KEPT = 2;

const entryPoints = {
  main: join(root, 'packages/cli/src/main.ts'),
  'start-worker': join(root, 'packages/raster/src/engine/start-worker.ts'),
  'start-evaluator': join(root, 'packages/api/src/openeo/evaluator/start-evaluator.ts'),
};

/** How a module names the worker thread that lies beside it: as a source, or in a bundle as `.mjs`. */
const workerAddress =
  /new URL\(\s*import\.meta\.url\.endsWith\('\.ts'\) \? '\.\/([\w-]+)\.ts' : '\.\/\1\.mjs',\s*import\.meta\.url,?\s*\)/g;

/** Modules go on believing that they lie where their source does; worker threads are entry points beside them. */
const ownPlaces = {
  name: 'own-places',
  setup(build) {
    build.onLoad({ filter: /[\\/]packages[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta')) return undefined;
      const contents = text
        .replace(workerAddress, "new URL('./$1.js', import.meta.here)")
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.here', 'import.meta.url');
      return { contents, loader: 'ts' };
    });
  },
};

/** The module that runs a script of the bundle. */
const starter = (name) =>
  `import { runBundled } from '../../bin/run-bundled.mjs';\nrunBundled(\`\${import.meta.dirname}/${name}.cjs\`);\n`;

async function bundle(esbuild) {
  const startedMs = Date.now();
  const folder = `${startedMs}-${process.pid}`;
  const { metafile } = await esbuild.build({
    ...scriptOptions,
    absWorkingDir: root,
    entryPoints,
    outdir: join(built, folder),
    metafile: true,
    plugins: [ownPlaces],
  });
  await Promise.all(
    Object.keys(entryPoints).map((name) => writeFile(join(built, folder, `${name}.js`), starter(name))),
  );
  const sources = Object.keys(metafile.inputs).filter((path) => path.startsWith('packages/'));
  // Whatever npm does to node_modules, it writes its list of what is there.
  const watched = [
    ...sources,
    'node_modules/.package-lock.json',
    relative(root, fileURLToPath(import.meta.url)),
    ...['run-bundled.mjs', 'script-options.mjs'].map((name) => relative(root, join(here, name))),
  ];
  const files = await Promise.all(
    watched.map(async (path) => {
      const { size, mtimeMs } = await stat(join(root, path));
      if (mtimeMs > startedMs) throw new Error(`${path} has changed meanwhile`);
      return [path, size, mtimeMs];
    }),
  );
  const manifest = join(built, 'manifest.json');
  await writeFile(`${manifest}.${process.pid}`, JSON.stringify({ root, folder, files }));
  await rename(`${manifest}.${process.pid}`, manifest);
  const folders = (await readdir(built, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const old = folders.map(({ name }) => name).sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
  await Promise.all(
    old.slice(BUNDLES_KEPT).map((name) => rm(join(built, name), { recursive: true, force: true })),
  );
}

try {
  await mkdir(built, { recursive: true });
  await bundle(await import('esbuild'));
} catch (error) {
  // Without it everything works, and starts later: an installation without development tools, a read-only folder.
  process.stderr.write(`swath: no bundle, it will start from its sources: ${error.message}\n`);
  await rm(join(built, 'manifest.json'), { force: true }).catch(() => {});
}
