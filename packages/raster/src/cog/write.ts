import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dnStatistics, valueStatistics } from '../stats/accumulator.ts';
import { buildTiles } from './build.ts';
import { directoriesOf, type TileTable } from './directories.ts';
import { geoKeyTags } from './geokeys.ts';
import { CLASSIC_TIFF_MAX_BYTES } from './limits.ts';
import { pyramidLevels } from './pyramid.ts';
import { type CogReport, type CogSpec, checkSpec, DEFAULT_BLOCK_SIZE, type ReadPlanes } from './spec.ts';
import { createSpill, type Spill, writeAll } from './spill.ts';
import { encodeHeader, headerBytes, type Tag, type TiffFlavour } from './tags.ts';

/**
 * Writes a Cloud Optimized GeoTIFF: tiled, DEFLATE with predictor, pixel-interleaved; directories first, then the
 * tiles of the smallest overview, ..., full resolution last. BigTIFF when it has to be.
 *
 * Full resolution is read once, in windows of at most a megapixel whose order is not promised. Memory is a few
 * windows and four tiles a level. The file appears at `path` complete or not at all; an older one is replaced.
 *
 * Overviews are averages of the valid pixels of 2 x 2, also for classes: give chunk files and class rasters
 * `overviews: false`.
 *
 * @throws SwathError InvalidInput, LimitExceeded, Unsupported (CRS); what `read` throws; the signal's reason.
 */
export async function writeCog(
  path: string,
  spec: CogSpec,
  read: ReadPlanes,
  signal?: AbortSignal,
): Promise<CogReport> {
  checkSpec(spec);
  geoKeyTags(spec.grid.crs); // Fails before the work rather than after it.
  const { grid, blockSize = DEFAULT_BLOCK_SIZE } = spec;
  const levels = pyramidLevels(grid.width, grid.height, blockSize, spec.overviews ? 'halves' : 'none');
  const unique = randomUUID();
  const spill = await createSpill(`${path}.${unique}.tiles`, levels);
  const unfinished = `${path}.${unique}.tmp`;
  try {
    const accumulators = await buildTiles(spec, blockSize, levels, spill, read, signal);
    const pixels = grid.width * grid.height;
    const stored = accumulators.map((accumulator) => dnStatistics(accumulator, pixels));
    const layout = layOut(spill, (tables) => directoriesOf(spec, blockSize, levels, tables, stored));
    const file = await assemble(unfinished, layout, spill, signal);
    await rename(unfinished, path);
    return { ...file, statistics: accumulators.map((accumulator) => valueStatistics(accumulator, pixels)) };
  } finally {
    await spill.discard();
    await rm(unfinished, { force: true });
  }
}

interface Layout {
  readonly header: Uint8Array;
  readonly sizeBytes: number;
}

/** Gives every tile its place. The size of the header does not depend on the offsets in it, only on their width. */
function layOut(spill: Spill, directories: (tables: readonly TileTable[]) => Tag[][]): Layout {
  const dataBytes = spill.levels.reduce((sum, { lengths }) => sum + lengths.reduce((a, b) => a + b, 0), 0);
  const draft = directories(spill.levels);
  const flavour: TiffFlavour =
    headerBytes(draft, 'classic') + dataBytes > CLASSIC_TIFF_MAX_BYTES ? 'big' : 'classic';
  let at = headerBytes(draft, flavour);
  const tables: TileTable[] = [];
  for (const { lengths } of spill.levels.toReversed()) {
    const offsets = new Float64Array(lengths.length);
    for (let tile = 0; tile < lengths.length; tile++) {
      offsets[tile] = at;
      at += lengths[tile]!;
    }
    tables.unshift({ offsets, lengths });
  }
  return { header: encodeHeader(directories(tables), flavour), sizeBytes: at };
}

/** Header and tiles in their final order, flushed to disk. */
async function assemble(path: string, layout: Layout, spill: Spill, signal: AbortSignal | undefined) {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    let at = 0;
    const put = async (bytes: Uint8Array) => {
      hash.update(bytes);
      await writeAll(file, bytes, at);
      at += bytes.length;
    };
    await put(layout.header);
    for (let level = spill.levels.length - 1; level >= 0; level--) {
      for (let tile = 0; tile < spill.levels[level]!.lengths.length; tile++) {
        signal?.throwIfAborted();
        await put(await spill.get(level, tile));
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes: layout.sizeBytes, sha256: hash.digest('hex') };
}
