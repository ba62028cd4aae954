import { SwathError } from '@swath/core';
import * as z from 'zod';

/** As npm and Node name them. */
export type Processor = 'arm64' | 'x64';

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const entry = z.looseObject({
  version: z.string().exactOptional(),
  dev: z.boolean().exactOptional(),
  dependencies: z.record(z.string(), z.string()).exactOptional(),
  optionalDependencies: z.record(z.string(), z.string()).exactOptional(),
  os: oneOrMore.exactOptional(),
  cpu: oneOrMore.exactOptional(),
  libc: oneOrMore.exactOptional(),
});
type Entry = z.output<typeof entry>;
const lockFile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entry) });

export interface Install {
  readonly packageJson: object;
  readonly packageLock: object;
  /** Folders that `npm ci` makes for Linux with glibc on the processor, such as `node_modules/sharp`. */
  readonly paths: readonly string[];
}

/**
 * package.json and package-lock.json that install `names`, and all they need, exactly as the repository's lock has them: the same
 * versions, the same integrity. Binaries for every processor are listed; `npm ci` takes those that fit.
 *
 * @param lock the repository's package-lock.json, parsed from JSON.
 * @param processor whose `paths` are asked for; the lock is the same for each.
 * @throws SwathError NotFound when the lock does not have one of them at its root.
 */
export function installOf(names: readonly string[], lock: unknown, processor: Processor): Install {
  const { packages } = lockFile.parse(lock);
  const wanted = new Map<string, Entry>();
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
  const fitting = new Set<string>();
  const choose = (from: string, name: string) => {
    const path = placeOf(packages, from, name) ?? '';
    const found = wanted.get(path);
    if (found === undefined || fitting.has(path) || !runsOn(found, processor)) return;
    fitting.add(path);
    const needed = { ...found.dependencies, ...found.optionalDependencies };
    for (const one of Object.keys(needed)) choose(path, one);
  };
  for (const name of names) choose('', name);
  const versions = Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version]));
  const about = { name: 'swath-jobs', version: '0.0.0', private: true, type: 'module' };
  const root = { ...about, dependencies: versions };
  const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    paths: [...fitting].sort(),
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

/** Whether npm takes it for Linux with glibc. A list names what is allowed, or with `!` what is not. */
function runsOn({ os, cpu, libc }: Entry, processor: Processor): boolean {
  const allows = (stated: string | readonly string[] | undefined, value: string) => {
    if (stated === undefined) return true;
    const list = [stated].flat();
    return list.some((one) => one.startsWith('!')) ? !list.includes(`!${value}`) : list.includes(value);
  };
  return allows(os, 'linux') && allows(cpu, processor) && allows(libc, 'glibc');
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
