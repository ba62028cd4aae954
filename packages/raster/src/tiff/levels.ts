import { SwathError } from '@swath/core';
import type { BufferedSource } from '../source/buffered.ts';
import type { Lru } from '../source/lru.ts';
import { openBlocks } from './block-rows.ts';
import { type BlockImage, type BlockPlace, readPlaces } from './blocks.ts';
import { type Ifd, readStructure, type TiffFile } from './ifd.ts';
import { type Layout, readLayout } from './layout.ts';

/** An image and its block places, read at most once. */
export interface ReadableImage extends BlockImage {
  places(): Promise<(index: number) => BlockPlace>;
}

/** One resolution: the bands, and the mask that covers it when there is one of the same size. */
export interface Level {
  readonly image: ReadableImage;
  readonly mask: ReadableImage | undefined;
}

export interface LevelContext {
  readonly source: BufferedSource;
  readonly cache: Lru<Uint8Array>;
  /** Unique per opener and open file. */
  readonly cacheKey: string;
}

function readable(context: LevelContext, file: TiffFile, ifd: Ifd, layout: Layout): ReadableImage {
  const image: BlockImage = {
    file,
    source: context.source,
    ifd,
    layout,
    cache: context.cache,
    cacheKey: `${context.cacheKey}#${ifd.offset}`,
    open: openBlocks(),
  };
  let places: Promise<(index: number) => BlockPlace> | undefined;
  return {
    ...image,
    places() {
      places ??= readPlaces(image);
      places.catch(() => {
        places = undefined;
      });
      return places;
    },
  };
}

const OVERVIEW = 1;
const MASK = 4;

/** All images of one file: the first is the main one; a broken later one is left out and counted, as GDAL does. */
export interface FileImages {
  readonly file: TiffFile;
  readonly main: ReadableImage;
  readonly overviews: readonly ReadableImage[];
  readonly masks: readonly ReadableImage[];
  /** IFDs that are neither, or that cannot be read. */
  readonly otherIfds: number;
}

export async function readImages(context: LevelContext): Promise<FileImages> {
  const file = await readStructure(context.source);
  const images: ReadableImage[] = [];
  let otherIfds = 0;
  for (const [index, ifd] of file.ifds.entries()) {
    try {
      images.push(readable(context, file, ifd, await readLayout(file, ifd)));
    } catch (error) {
      // Only a later page may be of no use to us; what makes the main image unreadable is the caller's to know.
      if (index === 0 || !(error instanceof SwathError) || isTransient(error)) throw error;
      otherIfds++;
    }
  }
  const [main, ...rest] = images;
  if (main === undefined) throw new SwathError('Bug', `${file.source.name}: no image was read`);
  const overviews: ReadableImage[] = [];
  const masks: ReadableImage[] = [];
  for (const image of rest) {
    const { subfileType } = image.layout;
    if ((subfileType & MASK) !== 0) masks.push(image);
    else if ((subfileType & OVERVIEW) !== 0) overviews.push(image);
    else otherIfds++;
  }
  return { file, main, overviews, masks, otherIfds };
}

const isTransient = (error: SwathError): boolean =>
  error.code === 'Unavailable' ||
  error.code === 'Throttled' ||
  error.code === 'Cancelled' ||
  error.code === 'Bug';

/** An overview must be a smaller picture of the same bands; one that is not is refused (it would answer wrongly). */
function isOverviewOf(main: Layout, other: Layout): boolean {
  return (
    other.samples === main.samples &&
    other.dtype === main.dtype &&
    other.width <= main.width &&
    other.height <= main.height &&
    other.width * other.height < main.width * main.height
  );
}

/** Full resolution first, then overviews by falling size, each with the mask of exactly its size. */
export function arrangeLevels(
  main: ReadableImage,
  overviews: readonly ReadableImage[],
  masks: readonly ReadableImage[],
): Level[] {
  const fitting = overviews
    .filter((image) => isOverviewOf(main.layout, image.layout))
    .sort((a, b) => b.layout.width * b.layout.height - a.layout.width * a.layout.height);
  return [main, ...fitting].map((image) => ({
    image,
    mask: masks.find(
      ({ layout }) =>
        layout.width === image.layout.width && layout.height === image.layout.height && layout.bits <= 8,
    ),
  }));
}
