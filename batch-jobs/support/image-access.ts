import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SwathError } from '@swath/core';
import { objectSource, sourceOpener } from '@swath/products';
import { type ByteSource, imageOpener, type Locate, type OpenerOptions, type OpenImage } from '@swath/raster';
import type { JobEnvironment } from './environment.ts';
import type { Storage } from './storage.ts';

/** How a step reads pixels: https and S3 by the reader's policy, our own objects, and files of allowed folders only. */
export interface ImageAccess {
  readonly open: OpenImage;
  readonly locate: Locate;
  readonly openSource: (href: string) => Promise<ByteSource>;
  readonly close: () => Promise<void>;
}

/**
 * @param ownFolder the step's scratch folder: what it wrote there it may read.
 * @param onRead told of bytes that providers sent. @default nobody is
 */
export function imageAccess(
  environment: Pick<JobEnvironment, 'readFolders' | 'readHosts'>,
  storage: Omit<Storage, 'close'>,
  ownFolder: string,
  onRead?: (bytes: number) => void,
): ImageAccess {
  const options: OpenerOptions = {
    files: true,
    allowHosts: environment.readHosts,
    sources: { object: (href) => ownObject(storage, href) },
    ...(onRead === undefined ? {} : { onRead }),
  };
  const images = imageOpener(options);
  const sources = sourceOpener(options);
  const folders = [...environment.readFolders, ownFolder];
  return {
    open: async (href, signal) => {
      await checkFile(href, folders);
      return await images(href, signal);
    },
    locate: async (href, signal) => {
      await checkFile(href, folders);
      return await images.locate(href, signal);
    },
    openSource: async (href) => {
      await checkFile(href, folders);
      return await sources.open(href);
    },
    close: async () => {
      await images.close();
      await sources.close();
    },
  };
}

/** `object://<bucket>/<key>`: the bucket is one of our three. */
async function ownObject(storage: Omit<Storage, 'close'>, href: string): Promise<ByteSource> {
  const [, bucket, key] = /^object:\/\/(raw|work|results)\/(.+)$/s.exec(href) ?? [];
  if (key === undefined)
    throw new SwathError('InvalidInput', 'An object address is object://<bucket>/<key>.');
  const objects = bucket === 'raw' ? storage.raw : bucket === 'work' ? storage.work : storage.results;
  return await objectSource(objects, key, `object ${bucket}/${key}`);
}

/** A file may be read when it lies, with all links resolved, in one of the folders. Other addresses pass. */
async function checkFile(href: string, folders: readonly string[]): Promise<void> {
  const path = isAbsolute(href) ? href : /^file:/i.test(href) ? fileURLToPath(href) : undefined;
  if (path === undefined) return;
  const real = await realpathOrNotFound(path);
  for (const folder of folders) {
    const below = relative(await realpath(folder).catch(() => resolve(folder)), real);
    if (below !== '' && !below.startsWith('..') && !isAbsolute(below)) return;
  }
  throw new SwathError('InvalidInput', 'The file lies outside the folders that may be read here.', {
    fix: 'Put it into the catalogue folder, or add its folder to SWATH_READ_FOLDERS.',
  });
}

async function realpathOrNotFound(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new SwathError('NotFound', `${path} does not exist.`, { cause });
  }
}
