import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env['SWATH_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');

/** Absolute path below the shared data folder (`SWATH_SHARED`, else `../shared`); undefined when it is not there. */
export function sharedPath(...segments: string[]): string | undefined {
  const path = join(root, ...segments);
  return existsSync(path) ? path : undefined;
}
