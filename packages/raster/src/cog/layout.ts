import type { Built } from '../engine/build.ts';
import { levelsOf } from '../engine/lane.ts';
import type { BandStatistics } from '../process/work.ts';
import { directoriesOf, type TileTable } from './directories.ts';
import {
  CLASSIC_TIFF_MAX_BYTES,
  OVERVIEW_SHARE,
  RESERVED_TEXT_BYTES,
  RESERVED_TILE_BYTES,
} from './limits.ts';
import { type Places, settlePlaces } from './places.ts';
import type { PyramidLevel } from './pyramid.ts';
import { BYTES_PER_SAMPLE } from './samples.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from './spec.ts';
import type { OverviewStarts } from './spill.ts';
import { encodeHeader, headerBytes, type TiffFlavour } from './tags.ts';

export interface Layout {
  readonly header: Uint8Array;
  readonly overviewStarts: OverviewStarts;
  /** Bytes of the header and the overviews: where full resolution may start. */
  readonly front: number;
  readonly places: Places;
}

/**
 * About the bytes of header and overviews, before any is made. The same for the same image, whoever makes it: places
 * depend on it.
 */
export function reservedBytes({ bands }: CogSpec, levels: readonly PyramidLevel[]): number {
  const pixelBytes = BYTES_PER_SAMPLE[bands[0]!.stored.dtype] * bands.length;
  const overviews = levels.slice(1).reduce((sum, { width, height }) => sum + width * height * pixelBytes, 0);
  const tiles = levels.reduce((sum, { tilesAcross, tilesDown }) => sum + tilesAcross * tilesDown, 0);
  return Math.round(overviews * OVERVIEW_SHARE) + tiles * RESERVED_TILE_BYTES + RESERVED_TEXT_BYTES;
}

/** @param reserved bytes before the tiles of full resolution that were written; null when none was. */
export function layOut(
  spec: CogSpec,
  { full, overviews }: Built,
  stored: readonly BandStatistics[],
  reserved: number | null,
): Layout {
  const { blockSize = DEFAULT_BLOCK_SIZE } = spec;
  const levels = levelsOf(spec);
  const fullTable: TileTable = {
    offsets: new Float64Array(full.tiles.length),
    lengths: new Float64Array(full.tiles.length),
  };
  for (const [at, tile] of full.tiles.entries()) fullTable.lengths[tile] = full.lengths[at]!;
  const overviewBytes = overviews.reduce((sum, lengths) => sum + lengths.reduce((a, b) => a + b, 0), 0);
  const headerOf = (tables: readonly TileTable[]) => directoriesOf(spec, blockSize, levels, tables, stored);
  const draft = headerOf([fullTable, ...overviews.map((lengths) => ({ offsets: lengths, lengths }))]);
  // The size of the header does not depend on the offsets in it, only on their width.
  const placed = (flavour: TiffFlavour) => {
    const front = headerBytes(draft, flavour) + overviewBytes;
    return { flavour, front, places: settlePlaces(full.lengths, reserved ?? front, front) };
  };
  const classic = placed('classic');
  const { flavour, front, places } = classic.places.end > CLASSIC_TIFF_MAX_BYTES ? placed('big') : classic;
  for (const [at, tile] of full.tiles.entries()) fullTable.offsets[tile] = places.starts[at]!;
  let at = front - overviewBytes;
  const tables: TileTable[] = [];
  for (const lengths of overviews.toReversed()) {
    const offsets = new Float64Array(lengths.length);
    for (const [tile, length] of lengths.entries()) {
      offsets[tile] = at;
      at += length;
    }
    tables.unshift({ offsets, lengths });
  }
  return {
    header: encodeHeader(headerOf([fullTable, ...tables]), flavour),
    overviewStarts: tables.map(({ offsets }) => offsets),
    front,
    places,
  };
}
