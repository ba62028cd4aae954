import { randomUUID } from 'node:crypto';
import { open as openFile, rename, rm } from 'node:fs/promises';
import type { MultiPolygonGeometry, PolygonGeometry } from '@swath/geo';
import { buildTiles, type Progress, waitingUnits } from '../engine/build.ts';
import { type Executor, nthPlace } from '../engine/executor.ts';
import { type Lane, type LanePlace, levelsOf, openPlanesLane, type PixelSource } from '../engine/lane.ts';
import { WAITING_BYTES_MAX } from '../engine/limits.ts';
import type { PixelCounts } from '../process/work.ts';
import { settleAll } from '../settle.ts';
import { dnStatistics } from '../stats/accumulator.ts';
import { scaleStatistics } from '../stats/summary.ts';
import { planZones, type ZonePlan } from '../zones/plan.ts';
import { summariseZones, type ZoneStatistics } from '../zones/summarise.ts';
import { arrange } from './arrange.ts';
import { geoKeyTags } from './geokeys.ts';
import { layOut, reservedBytes } from './layout.ts';
import { ledgerMemory, openLedger } from './ledger.ts';
import { type CogReport, type CogSpec, checkSpec, DEFAULT_BLOCK_SIZE, type ReadPlanes } from './spec.ts';
import { createSpill, removeSpill, type Spill } from './spill.ts';
import { unitsOf } from './units.ts';

/**
 * Writes a Cloud Optimized GeoTIFF: tiled, DEFLATE with predictor, pixel-interleaved; directories first, then the
 * tiles of the smallest overview, ..., full resolution last, in Z order of 2 x 2. BigTIFF when it has to be.
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
  const {
    counts: _uncounted,
    zones: _none,
    ...report
  } = await write(path, spec, async (place) => [openPlanesLane(spec, nthPlace(place, 0), read, signal)], {
    signal,
  });
  return report;
}

export interface ProductOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: Progress | undefined;
  /** Polygons to give statistics of, computed from the same samples in the same pass. */
  readonly zones?: readonly (PolygonGeometry | MultiPolygonGeometry)[] | undefined;
  /**
   * Uncompressed bytes of tiles that may wait for their place in the file. An image of more is written while it is made; the
   * order of its tiles depends on it. @default WAITING_BYTES_MAX
   */
  readonly waitingBytes?: number | undefined;
  /**
   * Called with the unfinished file when all is in its place, while it is being hashed: for pictures. Not called for a file
   * without overviews. The file is finished after it has ended.
   */
  readonly onOverviews?: ((path: string) => Promise<void>) | undefined;
}

export interface ProductReport extends CogReport {
  readonly counts: PixelCounts;
  /** Per band, per zone of the options in their order; null without zones. */
  readonly zones: readonly (readonly ZoneStatistics[])[] | null;
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
): Promise<ProductReport> {
  checkSpec(spec);
  const zones = options.zones === undefined ? undefined : planZones(spec, options.zones);
  const lanes = (place: LanePlace): Promise<readonly Lane[]> =>
    executor.open({ spec, source, zones }, { place, units: unitCount(spec), signal: options.signal });
  return await write(path, spec, lanes, { ...options, plan: zones });
}

async function write(
  path: string,
  spec: CogSpec,
  open: (place: LanePlace) => Promise<readonly Lane[]>,
  options: ProductOptions & { readonly plan?: ZonePlan | undefined },
): Promise<ProductReport> {
  checkSpec(spec);
  geoKeyTags(spec.grid.crs); // Fails before the work rather than after it.
  const unfinished = `${path}.${randomUUID()}.tmp`;
  const { waitingBytes = WAITING_BYTES_MAX } = options;
  const units = unitCount(spec);
  const ledger = ledgerMemory(units);
  const { setFront } = openLedger(ledger);
  // A small image waits in memory until all is known.
  const reserved = units <= waitingUnits(spec, waitingBytes) ? null : reservedBytes(spec, levelsOf(spec));
  if (reserved !== null) setFront(reserved);
  const file = await openFile(unfinished, 'wx+');
  let lanes: readonly Lane[] = [];
  let shared: Spill | undefined;
  const closeLanes = () => Promise.all(lanes.map((lane) => lane.close()));
  try {
    lanes = await open({ output: unfinished, ledger, spillPath: unfinished });
    shared = createSpill(`${unfinished}.upper`);
    const built = await buildTiles(spec, lanes, shared, { ...options, waitingBytes });
    const pixels = spec.grid.width * spec.grid.height;
    const stored = built.statistics.map((accumulator) => dnStatistics(accumulator, pixels));
    const layout = layOut(spec, built, stored, reserved);
    if (reserved === null) setFront(layout.front);
    await Promise.all(lanes.map((lane) => lane.finish()));
    await arrange(file, layout);
    await file.close();
    const placing = lanes.map((lane) => lane.placeOverviews(layout.overviewStarts));
    await settleAll([...placing, shared.place(unfinished, layout.overviewStarts, options.signal)]);
    // By the last: the first is of the thread that draws meanwhile.
    const digest = lanes.at(-1)!.digest();
    const drawing = built.overviews.length > 0 ? options.onOverviews?.(unfinished) : undefined;
    await settleAll<unknown>([digest, drawing ?? Promise.resolve()]);
    const sha256 = await digest;
    await closeLanes();
    await rename(unfinished, path);
    const statistics = spec.bands.map(({ stored: { scale, offset } }, band) =>
      scaleStatistics(stored[band]!, scale, offset),
    );
    const zones = options.plan === undefined ? null : summariseZones(options.plan, built.zones, spec.bands);
    return { sha256, sizeBytes: layout.places.end, statistics, counts: built.counts, zones };
  } finally {
    await closeLanes();
    shared?.close();
    await file.close();
    const spills = [`${unfinished}.upper`, ...lanes.map(({ spillPath }) => spillPath)];
    await Promise.all([rm(unfinished, { force: true }), ...spills.map(removeSpill)]);
  }
}

function unitCount(spec: CogSpec): number {
  return unitsOf(levelsOf(spec)[0]!, spec.blockSize ?? DEFAULT_BLOCK_SIZE).length;
}
