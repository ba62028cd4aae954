import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import { installOf } from './lock-closure.ts';
import { type RuntimePackage, repository } from './options.ts';

/** As npm and Node name them. */
export type Processor = 'arm64' | 'x64';

/** Writes package.json and package-lock.json that install the packages as the repository's lock has them. */
export function writeInstall(packages: readonly RuntimePackage[], folder: string): void {
  const lock: unknown = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
  const { packageJson, packageLock } = installOf(packages, lock);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
  writeFileSync(join(folder, 'package-lock.json'), `${JSON.stringify(packageLock, null, 2)}\n`);
}

/**
 * Installs packages with binaries for Linux on a processor, whichever this machine has. Takes them from npm's cache where it can.
 * @throws SwathError Unavailable when npm fails, or goes on without a binary that it could not fetch: they are optional to it.
 */
export function installPackages(
  packages: readonly RuntimePackage[],
  processor: Processor,
  folder: string,
): void {
  writeInstall(packages, folder);
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const target = ['--os=linux', '--libc=glibc', `--cpu=${processor}`];
  const { status, stderr } = spawnSync('npm', ['ci', ...flags, ...target], { cwd: folder, encoding: 'utf8' });
  const binaries = packages.includes('sharp')
    ? [`sharp-linux-${processor}`, `sharp-libvips-linux-${processor}`]
    : [];
  const absent = binaries.filter((name) => !existsSync(join(folder, 'node_modules/@img', name)));
  if (status === 0 && absent.length === 0) return;
  throw new SwathError(
    'Unavailable',
    `npm did not install ${[...packages, ...absent].join(', ')}: ${stderr}`,
    {
      fix: 'Synthesise once with access to the npm registry: its cache has the packages afterwards.',
    },
  );
}
