#!/usr/bin/env node
// Runs on any Node from 18 on: finds the Node 24 that `npm ci` installed when the running one is older.
import { accessSync, constants, existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mainModule } from './main-module.mjs';

const NEEDED_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');

function bundledNode() {
  const name =
    process.platform === 'darwin'
      ? `node-bin-darwin-${process.arch}`
      : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name, 'bin', file);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Makes the bundle beside this command, which neither waits for it nor needs it: half a second of one processor. */
async function bundleForNextTime() {
  if (process.env.SWATH_BUNDLE === 'off' || !existsSync(join(root, 'node_modules', 'esbuild'))) return;
  try {
    accessSync(join(root, 'packages', 'cli'), constants.W_OK);
  } catch {
    // An installation that may not be written runs from its sources.
    return;
  }
  const { spawn } = await import('node:child_process');
  spawn(process.execPath, [join(here, 'bundle.mjs')], { stdio: 'ignore', detached: true }).unref();
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  // Compiled code is kept in the system's temporary folder: the next start takes half the time.
  nodeModule.enableCompileCache();
  const main = mainModule(root);
  if (main.endsWith('.ts')) await bundleForNextTime();
  await import(pathToFileURL(main).href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `swath needs Node ${NEEDED_MAJOR}; this is ${process.version}.\nRun "npm ci" in the project (it brings one along), or install Node ${NEEDED_MAJOR}.\n`,
    );
    process.exitCode = 1;
  } else {
    const { spawn } = await import('node:child_process');
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    // A terminal sends Ctrl-C to both; the child decides what it means.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
    });
  }
}
