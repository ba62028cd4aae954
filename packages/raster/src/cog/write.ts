import { createHash, randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { type Built, buildTiles, type Progress } from '../engine/build.ts';
import type { Executor } from '../engine/executor.ts';
import { type Lane, levelsOf, openPlanesLane, type PixelSource } from '../engine/lane.ts';
import type { PixelCounts } from '../process/work.ts';
import { dnStatistics } from '../stats/accumulator.ts';
import { scaleStatistics } from '../stats/summary.ts';
import { directoriesOf, type TileTable } from './directories.ts';
import { geoKeyTags } from './geokeys.ts';
import { CLASSIC_TIFF_MAX_BYTES } from './limits.ts';
import { createRing } from './ring.ts';
import { type CogReport, type CogSpec, checkSpec, DEFAULT_BLOCK_SIZE, type ReadPlanes } from './spec.ts';
import { openOutput, openSpill, removeSpill, writeAll } from './spill.ts';
import { encodeHeader, headerBytes, type Tag, type TiffFlavour } from './tags.ts';
import { unitsOf } from './units.ts';

/**
 * Writes a Cloud Optimized GeoTIFF: tiled, DEFLATE with predictor, pixel-interleaved; directories first, then the
 * tiles of the smallest overview, ..., full resolution last. BigTIFF when it has to be.
 *
 * Full resolution is read once, in windows of 2 x 2 tiles whose order is not promised. Memory is a few windows and a
 * few tiles a level. The file appears at `path` complete or not at all; an older one is replaced. It is not flushed to
 * the disk: whoever publishes it does that.
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
  const { counts: _uncounted, ...report } = await write(
    path,
    spec,
    async (spillPath) => [openPlanesLane(spec, `${spillPath}.0`, read)],
    { signal },
  );
  return report;
}

export interface ProductOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: Progress | undefined;
  /**
   * Called with the unfinished file when its header and overviews are in place, while full resolution is still being
   * written: for pictures. Not called for a file without overviews. The file is finished after it has ended.
   */
  readonly onOverviews?: ((path: string) => Promise<void>) | undefined;
}

/**
 * The same with pixels that are computed, or put together from files, in one pass by the lanes of an executor. The file
 * has the same bytes whatever the executor and however many lanes it has.
 * @returns the report, and what was counted (all 0 for a source of parts, whose pixels were counted before).
 */
export async function writeProduct(
  path: string,
  spec: CogSpec,
  source: PixelSource,
  executor: Executor,
  options: ProductOptions = {},
): Promise<CogReport & { readonly counts: PixelCounts }> {
  const lanes = (spillPath: string): Promise<readonly Lane[]> => {
    const units = unitsOf(levelsOf(spec)[0]!, spec.blockSize ?? DEFAULT_BLOCK_SIZE).length;
    return executor.open({ spec, source }, { spillPath, units, signal: options.signal });
  };
  return await write(path, spec, lanes, options);
}

async function write(
  path: string,
  spec: CogSpec,
  open: (spillPath: string) => Promise<readonly Lane[]>,
  options: ProductOptions,
): Promise<CogReport & { readonly counts: PixelCounts }> {
  checkSpec(spec);
  geoKeyTags(spec.grid.crs); // Fails before the work rather than after it.
  const unfinished = `${path}.${randomUUID()}.tmp`;
  const lanes = await open(unfinished);
  try {
    const built = await buildTiles(spec, lanes, `${unfinished}.upper`, options);
    await Promise.all(lanes.map((lane) => lane.close()));
    const pixels = spec.grid.width * spec.grid.height;
    const stored = built.statistics.map((accumulator) => dnStatistics(accumulator, pixels));
    const { blockSize = DEFAULT_BLOCK_SIZE } = spec;
    const layout = layOut(built, (tables) => directoriesOf(spec, blockSize, levelsOf(spec), tables, stored));
    const file = await assemble(unfinished, layout, built, options);
    await rename(unfinished, path);
    const statistics = built.statistics.map(({ stored: { scale, offset } }, band) =>
      scaleStatistics(stored[band]!, scale, offset),
    );
    return { ...file, statistics, counts: built.counts };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    const spills = [`${unfinished}.upper`, ...lanes.map(({ spillPath }) => spillPath)];
    await Promise.all([rm(unfinished, { force: true }), ...spills.map(removeSpill)]);
  }
}

interface Layout {
  readonly header: Uint8Array;
  readonly sizeBytes: number;
}

/** Gives every tile its place. The size of the header does not depend on the offsets in it, only on their width. */
function layOut({ tiles }: Built, directories: (tables: readonly TileTable[]) => Tag[][]): Layout {
  const dataBytes = tiles.reduce((sum, { lengths }) => sum + lengths.reduce((a, b) => a + b, 0), 0);
  const draft = directories(tiles);
  const flavour: TiffFlavour =
    headerBytes(draft, 'classic') + dataBytes > CLASSIC_TIFF_MAX_BYTES ? 'big' : 'classic';
  let at = headerBytes(draft, flavour);
  const tables: TileTable[] = [];
  for (const { lengths } of tiles.toReversed()) {
    const offsets = new Float64Array(lengths.length);
    for (let tile = 0; tile < lengths.length; tile++) {
      offsets[tile] = at;
      at += lengths[tile]!;
    }
    tables.unshift({ offsets, lengths });
  }
  return { header: encodeHeader(directories(tables), flavour), sizeBytes: at };
}

/** Header and tiles in their final order. Reading and hashing go on while buffers before are being written. */
async function assemble(path: string, layout: Layout, built: Built, options: ProductOptions) {
  const { signal, onOverviews } = options;
  const hash = createHash('sha256');
  const spills = built.spillPaths.map(openSpill);
  for (const { spills: owner, offsets } of built.tiles) {
    for (const [tile, start] of offsets.entries()) spills[owner[tile]!]!.expect(start);
  }
  const file = await openOutput(path);
  const ring = createRing(async (bytes, at) => {
    signal?.throwIfAborted();
    hash.update(bytes);
    await writeAll(file, bytes, at);
  });
  let early: Promise<void> | undefined;
  try {
    await ring.append(layout.header.length, (into, from) => {
      into.set(layout.header.subarray(from, from + into.length));
    });
    for (const [index, { spills: owner, offsets, lengths }] of [...built.tiles.entries()].reverse()) {
      if (index === 0 && built.tiles.length > 1 && onOverviews !== undefined) {
        await ring.drain();
        early = onOverviews(path);
        early.catch(() => {}); // Met at the end.
      }
      for (let tile = 0; tile < lengths.length; tile++) {
        const spill = spills[owner[tile]!]!;
        const start = offsets[tile]!;
        await ring.append(lengths[tile]!, (into, from) => spill.read(into, start, from));
        spill.done(start);
      }
    }
    await ring.drain();
    await early;
  } finally {
    await ring.settle();
    await early?.catch(() => {});
    await file.close();
    await Promise.all(spills.map((spill) => spill.close()));
  }
  return { sizeBytes: layout.sizeBytes, sha256: hash.digest('hex') };
}
