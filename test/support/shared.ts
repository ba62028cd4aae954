import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env['SWATH_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');

/** Path of a file or folder of the shared data, or undefined where this machine does not have it. */
export function sharedPath(...segments: string[]): string | undefined {
  const path = join(root, ...segments);
  return existsSync(path) ? path : undefined;
}
