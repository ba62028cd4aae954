import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SwathError } from '@swath/core';
import { installOf, type Processor } from './lock-closure.ts';
import { type RuntimePackage, repository } from './options.ts';

export type { Processor };

const repositoryLock = (): unknown => JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));

/** Writes package.json and package-lock.json that install the packages as the repository's lock has them. */
export function writeInstall(packages: readonly RuntimePackage[], folder: string): void {
  const { packageJson, packageLock } = installOf(packages, repositoryLock(), 'arm64');
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
  writeFileSync(join(folder, 'package-lock.json'), `${JSON.stringify(packageLock, null, 2)}\n`);
}

/**
 * Installs packages with binaries for Linux on a processor, whichever this machine has: what `npm ci` left in the repository where it
 * fits, else npm's cache or registry, once for each lock and processor. Needs no network from then on.
 * @param kept where installations are kept for the next synthesis.
 * @throws SwathError Unavailable naming the command to run with access to the registry.
 */
export function installPackages(
  packages: readonly RuntimePackage[],
  processor: Processor,
  folder: string,
  kept: string = join(repository, 'node_modules/.cache/swath'),
): void {
  writeInstall(packages, folder);
  cpSync(join(installed(packages, processor, kept), 'node_modules'), join(folder, 'node_modules'), {
    recursive: true,
  });
}

/** Folder whose `node_modules` holds the packages, made if it is not there. */
function installed(packages: readonly RuntimePackage[], processor: Processor, root: string): string {
  const { packageLock, paths } = installOf(packages, repositoryLock(), processor);
  const key = createHash('sha256').update(JSON.stringify(packageLock)).digest('hex').slice(0, 16);
  const kept = join(root, `${packages.join('+')}-${processor}-${key}`);
  if (existsSync(kept)) return kept;
  mkdirSync(dirname(kept), { recursive: true });
  const making = mkdtempSync(`${kept}.`);
  try {
    if (!copyFromRepository(paths, making)) npmInstall(packages, processor, making);
    const missing = paths.filter((path) => !existsSync(join(making, path, 'package.json')));
    // Binaries are optional to npm: it goes on without one that it could not fetch.
    if (missing.length > 0) throw unavailable(`npm did not install ${missing.join(', ')}.`);
    // What npm notes for itself, with the time.
    rmSync(join(making, 'node_modules/.package-lock.json'), { force: true });
    moveInto(making, kept);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return kept;
}

/** Another synthesis may have been faster: then its folder is as good. */
function moveInto(made: string, kept: string): void {
  try {
    renameSync(made, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
  }
}

/** @returns whether the repository has all of them, in the versions of its lock. */
function copyFromRepository(paths: readonly string[], folder: string): boolean {
  const isThere = (path: string) => existsSync(join(repository, path, 'package.json'));
  if (!paths.every(isThere)) return false;
  for (const path of paths) {
    cpSync(join(repository, path), join(folder, path), {
      recursive: true,
      // Nested packages have a line of their own.
      filter: (source) => !source.slice(join(repository, path).length).includes('node_modules'),
    });
  }
  return true;
}

function npmInstall(packages: readonly RuntimePackage[], processor: Processor, folder: string): void {
  writeInstall(packages, folder);
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--no-bin-links',
  ];
  const target = ['--os=linux', '--libc=glibc', `--cpu=${processor}`];
  const { status, stderr, error } = spawnSync('npm', ['ci', ...flags, ...target], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw unavailable(`npm did not install ${packages.join(', ')}: ${error?.message ?? stderr}`);
  }
}

const unavailable = (message: string) =>
  new SwathError('Unavailable', message, {
    fix: 'Run "npm run fetch:binaries" once with access to the npm registry; synthesis needs no network afterwards.',
  });
