// Fetches what synthesis installs into functions, for both processors, so that it needs no network afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from './install.ts';

for (const processor of ['arm64', 'x64'] as const) {
  const folder = mkdtempSync(join(tmpdir(), 'swath-binaries-'));
  installPackages(['sharp'], processor, folder);
  rmSync(folder, { recursive: true });
  process.stdout.write(`sharp for linux-${processor} is there\n`);
}
