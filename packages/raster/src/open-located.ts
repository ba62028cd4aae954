import { SwathError } from '@swath/core';
import type { ByteSource, OpenImage, RasterImage } from './image.ts';
import { jp2Kind } from './jp2/boxes.ts';
import {
  BLOCKS_KEPT,
  DECODED_CACHE_BYTES,
  LANE_DECODED_CACHE_BYTES,
  MAX_CACHED_IMAGES,
  MAX_DECODED_CACHE_BYTES,
} from './limits.ts';
import { bufferedSource } from './source/buffered.ts';
import { type FileReading, fileSource } from './source/file.ts';
import { lru } from './source/lru.ts';
import { returnBlock } from './source/spare-blocks.ts';
import { isTiff } from './tiff/ifd.ts';
import type { LevelContext } from './tiff/levels.ts';
import { openTiff, type Siblings } from './tiff/open-tiff.ts';

/** Where an href leads, once a policy has let it pass. */
export type Location =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'source'; readonly source: ByteSource };

/** @throws SwathError InvalidInput when the policy refuses the href; NotFound. */
export type Locate = (href: string, signal?: AbortSignal) => Promise<Location>;

const wordFor = (head: Uint8Array): string =>
  head.length === 0
    ? 'nothing (the file is empty)'
    : JSON.stringify(Buffer.from(head.subarray(0, 16)).toString('latin1'));

/** Opens what the first bytes say it is. @throws SwathError Corrupt for anything but TIFF and JPEG 2000. */
export async function openFormat(
  context: LevelContext,
  siblings: () => Promise<Siblings>,
): Promise<RasterImage> {
  const { source } = context;
  const head = await source.read(0, 16);
  if (isTiff(head)) return await openTiff(context, await siblings());
  if (jp2Kind(head) !== undefined) {
    // Loaded when first needed: its codec is large.
    const { openJp2 } = await import('./jp2/open-jp2.ts');
    return await openJp2(context);
  }
  throw new SwathError(
    'Corrupt',
    `${source.name}: not a TIFF or JPEG 2000 file: begins with ${wordFor(head)}`,
  );
}

/** Decoded bytes of a block of the image; JPEG 2000 is decoded whole. */
function largestBlock({ info: { width, height, compression, dtype, levels } }: RasterImage): number {
  const sampleBytes = Number(/\d+$/.exec(dtype)?.[0] ?? 64) / 8;
  if (compression === 'jp2k') return width * height * sampleBytes;
  return Math.max(...levels.map((level) => level.blockWidth * level.blockHeight)) * sampleBytes;
}

/** How an opener reads. */
export interface Reading {
  /** Decoded blocks kept for windows to come. */
  readonly cacheBytes: number;
  readonly files: FileReading;
}

/** Beside other work of a thread. */
const sharedReading: Reading = { cacheBytes: DECODED_CACHE_BYTES, files: 'asynchronous' };

/** In a thread that computes products: it has nothing else to do while it waits for a disk. */
export const laneReading: Reading = { cacheBytes: LANE_DECODED_CACHE_BYTES, files: 'blocking' };

type Opened =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'image'; readonly image: RasterImage };

/**
 * An `OpenImage` by magic bytes. Headers of remote images are kept (256 most recently used) and shared by everyone who
 * opens the same href; local files are looked at anew each time. Decoded blocks are shared.
 */
export function openerOver(locate: Locate, reading: Reading = sharedReading): OpenImage {
  const { cacheBytes, files } = reading;
  const cache = lru(cacheBytes, returnBlock);
  const known = lru<Promise<Opened>>(MAX_CACHED_IMAGES);
  let opened = 0;

  function contextOf(source: ByteSource): LevelContext {
    return { source: bufferedSource(source), cache, cacheKey: `${opened++}` };
  }

  async function open(
    source: ByteSource,
    siblings: (name: string) => Promise<Siblings>,
  ): Promise<RasterImage> {
    try {
      const image = await openFormat(contextOf(source), () => siblings(source.name));
      cache.raise(Math.min(MAX_DECODED_CACHE_BYTES, BLOCKS_KEPT * largestBlock(image)));
      return image;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** `.ovr` and `.msk` beside a local file. */
  async function beside(path: string): Promise<Siblings> {
    const sibling = async (suffix: string): Promise<LevelContext | undefined> => {
      const source = await fileSource(path + suffix, files).catch((error: unknown) => {
        if (error instanceof SwathError && error.code === 'NotFound') return undefined;
        throw error;
      });
      return source === undefined ? undefined : contextOf(source);
    };
    const [overviews, masks] = [await sibling('.ovr'), await sibling('.msk')];
    return { ...(overviews === undefined ? {} : { overviews }), ...(masks === undefined ? {} : { masks }) };
  }

  async function openFile(path: string): Promise<RasterImage> {
    const held: Siblings[] = [];
    const image = await open(await fileSource(path, files), async (name) => {
      const siblings = await beside(name);
      held.push(siblings);
      return siblings;
    }).catch(async (error: unknown) => {
      await closeAll(held);
      throw error;
    });
    return {
      ...image,
      async close() {
        await image.close();
        await closeAll(held);
      },
    };
  }

  /** Shared by everyone who opens the href, and so without anyone's signal. */
  function found(href: string): Promise<Opened> {
    const kept = known.get(href);
    if (kept !== undefined) return kept;
    const opening = locate(href).then(
      async (location): Promise<Opened> =>
        location.kind === 'file'
          ? location
          : { kind: 'image', image: await open(location.source, async () => ({})) },
    );
    known.set(href, opening, 1);
    opening.then(
      ({ kind }) => {
        if (kind === 'file') known.delete(href);
      },
      () => known.delete(href),
    );
    return opening;
  }

  /** A shared image: closing it is the opener's business; a change of the object makes the next opening fresh. */
  function shared(href: string, image: RasterImage): RasterImage {
    const { readInto } = image;
    const fresh = (error: unknown): never => {
      if (error instanceof SwathError && error.code === 'Corrupt') known.delete(href);
      throw error;
    };
    return {
      name: image.name,
      info: image.info,
      readWindow: (request) => image.readWindow(request).catch(fresh),
      ...(readInto === undefined
        ? {}
        : { readInto: (request, target) => readInto(request, target).catch(fresh) }),
      async close() {},
    };
  }

  return async (href, signal) => {
    if (signal?.aborted) throw cancelled();
    const location = await unlessAborted(found(href), signal);
    return location.kind === 'file' ? await openFile(location.path) : shared(href, location.image);
  };
}

const cancelled = () => new SwathError('Cancelled', 'Opening was cancelled.');

/** What others wait for, too: an abort ends the waiting alone. */
async function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await shared;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(cancelled());
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([shared, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function closeAll(held: readonly Siblings[]): Promise<void> {
  for (const { overviews, masks } of held) {
    await overviews?.source.close();
    await masks?.source.close();
  }
}
