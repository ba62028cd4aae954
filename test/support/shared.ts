import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env['SWATH_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');

/** Path below the shared folder of real data, undefined where this machine has none. */
export function sharedPath(...segments: readonly string[]): string | undefined {
  const path = join(root, ...segments);
  return existsSync(path) ? path : undefined;
}
