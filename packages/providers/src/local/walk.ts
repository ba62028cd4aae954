import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SwathError } from '@swath/core';
import { maxCatalogueDepth, maxCatalogueFiles, parallelReads } from '../limits.ts';

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
  // Level by level, and each level at once: one after the other, every file would wait for a turn of its own.
  let level: readonly string[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxCatalogueDepth) {
      throw new SwathError('LimitExceeded', `The catalogue is deeper than ${maxCatalogueDepth} folders.`);
    }
    const below: string[] = [];
    const listed = await inBatches(level, (path) => readdir(path, { withFileTypes: true }));
    const found = await inBatches(listed.flat(), (entry) => lookAt(entry, root));
    for (const one of found) {
      if (one === undefined || visited.has(one.target)) continue;
      visited.add(one.target);
      if (one.file === undefined) below.push(one.target);
      else files.push(one.file);
      if (files.length > maxCatalogueFiles) {
        throw new SwathError('LimitExceeded', `The catalogue has more than ${maxCatalogueFiles} JSON files.`);
      }
    }
    level = below;
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function inBatches<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += parallelReads) {
    done.push(...(await Promise.all(all.slice(at, at + parallelReads).map(work))));
  }
  return done;
}

/** A folder (without `file`) or a JSON file; undefined for everything else. */
async function lookAt(
  entry: Dirent,
  root: string,
): Promise<{ readonly target: string; readonly file?: JsonFile } | undefined> {
  // Most files are images: they need no look.
  if (entry.name.startsWith('.') || (entry.isFile() && !isJson(entry.name))) return undefined;
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory()) return { target: path };
  const target = entry.isSymbolicLink() ? await targetInside(path, root) : path;
  if (target === undefined) return undefined;
  const info = await stat(target);
  if (info.isDirectory()) return { target };
  if (!info.isFile() || !isJson(entry.name)) return undefined;
  return {
    target,
    file: { path: target, sizeBytes: info.size, stamp: `${info.mtimeMs} ${info.size} ${info.ino}` },
  };
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
