import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SwathError } from '@swath/core';
import { maxCatalogueDepth, maxCatalogueFiles } from '../limits.ts';

export interface JsonFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Changes when the file does. */
  readonly stamp: string;
}

/**
 * All `*.json` files below a folder, sorted by path. Links are followed only to targets inside the folder, and each
 * folder once. Hidden files and folders are left out.
 * @throws NotFound when the folder is not there; LimitExceeded past maxCatalogueFiles or maxCatalogueDepth.
 */
export async function jsonFilesBelow(folder: string): Promise<readonly JsonFile[]> {
  const root = await realRoot(folder);
  const files: JsonFile[] = [];
  const visited = new Set<string>([root]);
  const queue: { readonly path: string; readonly depth: number }[] = [{ path: root, depth: 0 }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next.depth > maxCatalogueDepth) {
      throw new SwathError('LimitExceeded', `The catalogue is deeper than ${maxCatalogueDepth} folders.`);
    }
    for (const entry of await readdir(next.path, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      // Most files are images: they need no look.
      if (entry.isFile() && !isJson(entry.name)) continue;
      const path = join(next.path, entry.name);
      const target = entry.isSymbolicLink() ? await targetInside(path, root) : path;
      if (target === undefined) continue;
      const info = entry.isDirectory() ? undefined : await stat(target);
      if (info === undefined || info.isDirectory()) {
        if (!visited.has(target)) queue.push({ path: target, depth: next.depth + 1 });
        visited.add(target);
        continue;
      }
      if (!info.isFile() || !isJson(entry.name) || visited.has(target)) continue;
      visited.add(target);
      files.push({ path: target, sizeBytes: info.size, stamp: `${info.mtimeMs} ${info.size} ${info.ino}` });
      if (files.length > maxCatalogueFiles) {
        throw new SwathError('LimitExceeded', `The catalogue has more than ${maxCatalogueFiles} JSON files.`);
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const isJson = (name: string) => name.toLowerCase().endsWith('.json');

async function realRoot(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw new SwathError('NotFound', `There is no catalogue folder ${folder}.`, { cause });
  }
}

/** Where a link leads to; undefined outside the folder or when it leads nowhere. */
async function targetInside(link: string, root: string): Promise<string | undefined> {
  try {
    const target = await realpath(link);
    return target === root || target.startsWith(root + sep) ? target : undefined;
  } catch {
    // A dangling link, or one in a circle: nothing lies behind it that could be read.
    return undefined;
  }
}
