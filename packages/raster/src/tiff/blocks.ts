import { SwathError } from '@swath/core';
import { decodeBlock } from '../codec/block.ts';
import { isForKernel } from '../codec/inflate-at.ts';
import type { BlockContext } from '../codec/plain.ts';
import { MAX_BLOCKS, MAX_COMPRESSED_RATIO } from '../limits.ts';
import type { BufferedSource } from '../source/buffered.ts';
import type { Lru } from '../source/lru.ts';
import type { OpenBlocks } from './block-rows.ts';
import { corrupt, type Ifd, type TiffFile } from './ifd.ts';
import { inflateEarly } from './inflate-early.ts';
import type { Layout } from './layout.ts';
import { tagPlaces } from './values.ts';

/** One image of a file whose blocks can be read. */
export interface BlockImage {
  readonly file: TiffFile;
  readonly source: BufferedSource;
  readonly ifd: Ifd;
  readonly layout: Layout;
  /** Unique per opener: prefix of cache keys. */
  readonly cacheKey: string;
  readonly cache: Lru<Uint8Array>;
  /** Blocks that are decoded in part. */
  readonly open: OpenBlocks;
}

export interface BlockPlace {
  readonly offset: number;
  /** 0: sparse, the block is not stored. */
  readonly length: number;
}

/** Rows that block `index` holds: all but the last strip hold the block height. */
export function blockRows(layout: Layout, index: number): number {
  if (layout.tiled) return layout.blockHeight;
  const row = index % layout.down;
  return Math.min(layout.blockHeight, layout.height - row * layout.blockHeight);
}

/** Offsets and byte counts of every block, read when the first window is. @throws SwathError Corrupt, LimitExceeded. */
export async function readPlaces(image: BlockImage): Promise<(index: number) => BlockPlace> {
  const { file, ifd, layout } = image;
  const { name } = file.source;
  const [offsetTag, countTag] = layout.tiled
    ? (['TileOffsets', 'TileByteCounts'] as const)
    : (['StripOffsets', 'StripByteCounts'] as const);
  const blocks = layout.chopped
    ? 1
    : layout.across * layout.down * (layout.planar === 'separate' ? layout.samples : 1);
  const offsets =
    (await tagPlaces(file, ifd, offsetTag, MAX_BLOCKS)) ??
    (layout.tiled ? await tagPlaces(file, ifd, 'StripOffsets', MAX_BLOCKS) : undefined);
  if (offsets === undefined) throw corrupt(name, `${offsetTag} is missing`);
  const counts =
    (await tagPlaces(file, ifd, countTag, MAX_BLOCKS)) ??
    (layout.tiled ? await tagPlaces(file, ifd, 'StripByteCounts', MAX_BLOCKS) : undefined) ??
    (layout.compression === 1
      ? Float64Array.from({ length: blocks }, (_, index) => storedRows(layout, index) * layout.rowBytes)
      : undefined);
  if (counts === undefined) throw corrupt(name, `${countTag} is missing`);
  for (const [tag, values] of [
    [offsetTag, offsets],
    [countTag, counts],
  ] as const) {
    if (values.length < blocks) {
      throw corrupt(name, `${tag} has ${values.length} values for ${blocks} blocks`);
    }
  }
  checkSparse(name, layout, blocks, offsets, counts);
  if (layout.chopped) return (index) => choppedPlace(image, index, offsets[0] ?? 0, counts[0] ?? 0);
  return (index) => place(image, index, offsets[index] ?? 0, counts[index] ?? 0);
}

/**
 * Sparse is offset 0 and length 0. A place without bytes is sparse in GDAL, too, but not for the only strip of an image:
 * there libtiff guesses the length. Bytes at offset 0 would be the file's header.
 */
function checkSparse(
  name: string,
  layout: Layout,
  blocks: number,
  offsets: Float64Array,
  counts: Float64Array,
): void {
  if (blocks === 1 && !layout.tiled && offsets[0] !== 0 && counts[0] === 0) {
    throw corrupt(name, `the only strip has 0 bytes at ${offsets[0]}`);
  }
  for (let index = 0; index < blocks; index++) {
    if (offsets[index] === 0 && counts[index] !== 0) {
      throw corrupt(name, `block ${index} has ${counts[index]} bytes at 0 where the header lies`);
    }
  }
}

/** Rows that block `index` of the file's own arrays holds. */
function storedRows(layout: Layout, index: number): number {
  return layout.chopped ? layout.height : blockRows(layout, index);
}

/** A part of the one strip of an uncompressed image. */
function choppedPlace(image: BlockImage, index: number, offset: number, length: number): BlockPlace {
  if (offset === 0 || length === 0) return { offset: 0, length: 0 };
  const { layout } = image;
  const start = index * layout.blockBytes;
  const wanted = blockRows(layout, index) * layout.rowBytes;
  if (start + wanted > length) {
    throw corrupt(
      image.file.source.name,
      `the strip has ${length} bytes, its ${layout.height} rows need ${layout.height * layout.rowBytes}`,
    );
  }
  return place(image, index, offset + start, wanted);
}

function place(image: BlockImage, index: number, offset: number, length: number): BlockPlace {
  const { file, layout } = image;
  if (offset === 0 || length === 0) return { offset: 0, length: 0 };
  // An uncompressed block needs just its samples; byte counts of old writers cover more.
  const wanted =
    layout.compression === 1 ? Math.min(length, blockRows(layout, index) * layout.rowBytes) : length;
  if (offset + wanted > file.sizeBytes) {
    throw corrupt(
      file.source.name,
      `block ${index} lies at ${offset} to ${offset + wanted}, the file has ${file.sizeBytes} bytes`,
    );
  }
  const limit = MAX_COMPRESSED_RATIO * layout.blockBytes + 64 * 1024;
  if (wanted > limit) {
    throw corrupt(
      file.source.name,
      `block ${index} claims ${wanted} bytes for ${layout.blockBytes} decoded ones, the limit is ${limit}`,
    );
  }
  return { offset, length: wanted };
}

/** A block that has been fetched and waits to be decoded. */
export interface StoredBlock {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * Stored bytes of blocks, in the order of `indices`, each as soon as it is there; `undefined` where sparse. Fetched
 * together. All promises settle; nobody is surprised by those that are not waited for.
 */
export function fetchBlocks(
  image: BlockImage,
  indices: readonly number[],
  places: (index: number) => BlockPlace,
  signal: AbortSignal | undefined,
): (Promise<StoredBlock> | undefined)[] {
  const wanted = indices.map((index) => ({ index, place: places(index) }));
  const present = wanted.filter(({ place: { length } }) => length > 0);
  const coming = image.source.streamRanges(
    present.map((block) => block.place),
    signal,
  );
  const blocks = new Map(present.map(({ index }, at) => [index, coming[at]]));
  return wanted.map(({ index }) => {
    const bytes = blocks.get(index);
    return bytes === undefined ? undefined : arrival(image, index, bytes, signal);
  });
}

function arrival(
  { file }: BlockImage,
  index: number,
  coming: Promise<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<StoredBlock> {
  const block = coming.then((bytes) => {
    if (signal?.aborted) throw new SwathError('Cancelled', `Reading ${file.source.name} was cancelled.`);
    return { index, bytes };
  });
  block.catch(() => {});
  return block;
}

export function blockContext({ file, layout }: BlockImage, index: number): BlockContext {
  return { rows: blockRows(layout, index), order: file.littleEndian ? 'little' : 'big' };
}

/** The error of one block says which one it is. */
export function blockFailure({ file }: BlockImage, index: number, cause: unknown): unknown {
  if (!(cause instanceof SwathError)) return cause;
  return new SwathError(cause.code, `${file.source.name}: block ${index}: ${cause.message}`, { cause });
}

const cacheKeyOf = (image: BlockImage, index: number): string => `${image.cacheKey}/${index}`;

/** A block decoded before, or undefined. It is the cache's, and is not looked at once anything has been waited for. */
export function cachedBlock(image: BlockImage, index: number): Uint8Array | undefined {
  return image.cache.get(cacheKeyOf(image, index));
}

/** Keeps a decoded block for the next window; others may be dropped for it, and their memory used again. */
export function keepBlock(image: BlockImage, index: number, decoded: Uint8Array): void {
  image.cache.set(cacheKeyOf(image, index), decoded, decoded.length);
}

/** One block decoded. @throws SwathError Corrupt, Unsupported: it names file and block. */
export async function decoded(image: BlockImage, block: StoredBlock): Promise<Uint8Array> {
  const { bytes, layout } = await inflated(image, block);
  return await decodeBlock(bytes, layout, blockContext(image, block.index)).catch((cause: unknown) => {
    throw blockFailure(image, block.index, cause);
  });
}

/** A block of a remote source inflated already, beside others that are still on their way; any other as it is. */
async function inflated(
  image: BlockImage,
  { index, bytes }: StoredBlock,
): Promise<{ readonly bytes: Uint8Array; readonly layout: Layout }> {
  if (image.source.remote !== true) return { bytes, layout: image.layout };
  return await inflateEarly(bytes, image.layout).catch((cause: unknown) => {
    throw blockFailure(image, index, cause);
  });
}

/** What the kernel inflates faster than zlib is left to it: a thread beside this one gains less than fresh memory and handing over cost. */
export async function forKernel(
  image: BlockImage,
  block: StoredBlock,
): Promise<{ readonly bytes: Uint8Array; readonly layout: Layout }> {
  const { layout } = image;
  if (isForKernel(block.bytes.length, layout.blockBytes)) return { bytes: block.bytes, layout };
  return await inflated(image, block);
}
