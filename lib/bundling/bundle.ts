import { mkdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { bundleOptions, repository, runtimePackages } from './options.ts';

export interface ColdStart {
  readonly bytes: number;
  /** Relative to the repository. */
  readonly sources: readonly string[];
}

export interface Bundle {
  /** Absolute. Holds only what the bundle is made of. */
  readonly folder: string;
  /** Files of the bundle, relative to the folder, with their bytes. */
  readonly files: ReadonlyMap<string, number>;
  /** What loading an entry reads before anything runs: itself and its static imports. */
  readonly entries: ReadonlyMap<string, ColdStart>;
  /** Modules that are loaded from elsewhere: Node's own, and packages. */
  readonly externals: ReadonlySet<string>;
  /** Sources in it, relative to the repository. */
  readonly sources: readonly string[];
}

/**
 * Bundles entries (name to source, relative to the repository) into `<folder>/<name>.mjs` and shared chunks beside them.
 * @throws esbuild's BuildFailure, whose message names file and line.
 */
export function bundle(entries: Readonly<Record<string, string>>, folder: string): Bundle {
  const outdir = resolve(folder);
  mkdirSync(outdir, { recursive: true });
  const { metafile } = buildSync({
    ...bundleOptions,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ in: join(repository, source), out })),
    outdir,
    external: [...runtimePackages],
  });
  const name = (output: string) => relative(outdir, join(repository, output));
  return {
    folder: outdir,
    files: new Map(
      Object.keys(metafile.outputs).map((output) => [name(output), statSync(join(repository, output)).size]),
    ),
    entries: new Map(
      Object.keys(metafile.outputs)
        .map((output) => [name(output).slice(0, -'.mjs'.length), output] as const)
        .filter(([entry]) => entry in entries)
        .map(([entry, output]) => [entry, coldStart(metafile, output)]),
    ),
    externals: new Set(
      Object.values(metafile.outputs).flatMap(({ imports }) =>
        imports.filter(({ external }) => external === true).map(({ path }) => path),
      ),
    ),
    sources: Object.keys(metafile.inputs),
  };
}

function coldStart({ outputs }: Metafile, entry: string): ColdStart {
  const seen = new Set<string>();
  const visit = (output: string) => {
    const made = outputs[output];
    if (made === undefined || seen.has(output)) return;
    seen.add(output);
    for (const { kind, path } of made.imports) if (kind === 'import-statement') visit(path);
  };
  visit(entry);
  const read = [...seen].flatMap((output) => outputs[output] ?? []);
  return {
    bytes: read.reduce((sum, { bytes }) => sum + bytes, 0),
    sources: read.flatMap(({ inputs }) => Object.keys(inputs)),
  };
}
