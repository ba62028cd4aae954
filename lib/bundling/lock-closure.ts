import { SwathError } from '@swath/core';
import * as z from 'zod';

const entry = z.looseObject({
  version: z.string().exactOptional(),
  dev: z.boolean().exactOptional(),
  dependencies: z.record(z.string(), z.string()).exactOptional(),
  optionalDependencies: z.record(z.string(), z.string()).exactOptional(),
});
const lockFile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entry) });

export interface Install {
  readonly packageJson: object;
  readonly packageLock: object;
}

/**
 * package.json and package-lock.json that install `names`, and all they need, exactly as the repository's lock has them: the same
 * versions, the same integrity. Binaries for every processor are listed; `npm ci` takes those that fit.
 *
 * @param lock the repository's package-lock.json, parsed from JSON.
 * @throws SwathError NotFound when the lock does not have one of them at its root.
 */
export function installOf(names: readonly string[], lock: unknown): Install {
  const { packages } = lockFile.parse(lock);
  const wanted = new Map<string, z.output<typeof entry>>();
  const take = (from: string, name: string, optional: boolean) => {
    const path = placeOf(packages, from, name);
    if (path === undefined) {
      if (optional) return;
      throw new SwathError('NotFound', `package-lock.json has no ${name} for ${from || 'the root'}.`);
    }
    const found = packages[path];
    if (found === undefined || wanted.has(path)) return;
    wanted.set(path, found);
    for (const needed of Object.keys(found.dependencies ?? {})) take(path, needed, false);
    for (const needed of Object.keys(found.optionalDependencies ?? {})) take(path, needed, true);
  };
  for (const name of names) take('', name, false);
  const versions = Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version]));
  const about = { name: 'swath-jobs', version: '0.0.0', private: true, type: 'module' };
  const root = { ...about, dependencies: versions };
  const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    packageJson: root,
    packageLock: {
      name: about.name,
      version: about.version,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': root,
        ...Object.fromEntries(sorted.map(([path, { dev: _, ...rest }]) => [path, rest])),
      },
    },
  };
}

/** Where Node would find `name` from the package at `from`: beside it, or in a folder above. */
function placeOf(
  packages: Readonly<Record<string, unknown>>,
  from: string,
  name: string,
): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}
