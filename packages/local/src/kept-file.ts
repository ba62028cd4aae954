import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file of the data folder that is made once, by whichever process comes first, and read by all; only its owner may
 * read it. `made` is thrown away when another process was first.
 */
export function keptFile(folder: string, name: string, made: Uint8Array | string): Buffer {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const own = join(folder, `${name}-${randomBytes(8).toString('hex')}`);
  writeFileSync(own, made, { mode: 0o600, flag: 'wx' });
  try {
    // A hard link is made in one step and never replaces: all processes read the same, whole file.
    linkSync(own, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own);
  }
  return readFileSync(file);
}
