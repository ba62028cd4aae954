import { SwathError } from '@swath/core';
import type { CogSpec } from '../cog/spec.ts';
import { DEFAULT_BLOCK_SIZE } from '../cog/spec.ts';
import { createSpill, type SpilledTile } from '../cog/spill.ts';
import { type Unit, unitsOf } from '../cog/units.ts';
import { createUpperLevels, FIRST_SHARED_LEVEL } from '../cog/upper-levels.ts';
import { addCounts, noPixels } from '../process/process-window.ts';
import type { PixelCounts } from '../process/work.ts';
import { mergeStatistics, type StatisticsAccumulator } from '../stats/accumulator.ts';
import type { ZoneParts } from '../zones/collect.ts';
import { type Lane, levelsOf } from './lane.ts';

/** Tiles of one level by index, and which of the spills holds each. */
export interface TileStore {
  readonly spills: Uint16Array;
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

export interface Built {
  /** Per level, full resolution first. */
  readonly tiles: readonly TileStore[];
  readonly spillPaths: readonly string[];
  readonly statistics: readonly StatisticsAccumulator[];
  /** Of each lane; none without zones. */
  readonly zones: readonly ZoneParts[];
  readonly counts: PixelCounts;
}

/**
 * Makes every tile of an image in one pass: lanes take units as they become free; what several units share is made here.
 * Which lane makes what does not show in the result.
 */
export async function buildTiles(
  spec: CogSpec,
  lanes: readonly Lane[],
  upperSpillPath: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: Progress | undefined },
): Promise<Built> {
  const levels = levelsOf(spec);
  const full = levels[0]!;
  const units = unitsOf(full, spec.blockSize ?? DEFAULT_BLOCK_SIZE);
  const spill = createSpill(upperSpillPath);
  try {
    const upper = createUpperLevels(spec, levels, spill);
    const tiles = levels.map(
      ({ tilesAcross, tilesDown }): TileStore => ({
        spills: new Uint16Array(tilesAcross * tilesDown),
        offsets: new Float64Array(tilesAcross * tilesDown),
        lengths: new Float64Array(tilesAcross * tilesDown),
      }),
    );
    let counts = noPixels;
    let done = 0;
    const keep = (made: readonly SpilledTile[], from: number) => {
      for (const { level, tile, offset, length } of made) {
        const store = tiles[level]!;
        store.spills[tile] = from;
        store.offsets[tile] = offset;
        store.lengths[tile] = length;
      }
    };
    await shareOut(units, lanes, options.signal, async (unit, lane) => {
      const report = await lanes[lane]!.make(unit);
      keep(report.tiles, lane);
      counts = addCounts(counts, report.counts);
      upper.add(FIRST_SHARED_LEVEL, unit.column, unit.row, report.apex);
      options.onProgress?.(++done, units.length);
    });
    keep(upper.finish(), lanes.length);
    return {
      tiles,
      spillPaths: [...lanes.map(({ spillPath }) => spillPath), upperSpillPath],
      ...(await mergedStatistics(lanes)),
      counts,
    };
  } finally {
    spill.close();
  }
}

export type Progress = (done: number, total: number) => void;

/** Units [next, end) of the list that are a lane's to make. */
interface Share {
  next: number;
  end: number;
}

/**
 * Every lane has a run of units of its own, so that blocks of sources that neighbours need are decoded by one lane, and
 * once it is done takes the later half of the longest run that is left. The first failure stops all, once their units
 * have ended.
 */
async function shareOut(
  units: readonly Unit[],
  lanes: readonly Lane[],
  signal: AbortSignal | undefined,
  make: (unit: Unit, lane: number) => Promise<void>,
): Promise<void> {
  const boundary = (lane: number): number => Math.floor((lane * units.length) / lanes.length);
  const shares = lanes.map((_, lane): Share => ({ next: boundary(lane), end: boundary(lane + 1) }));
  let failed = false;
  const run = async (lane: number): Promise<void> => {
    for (let unit = take(shares, lane); unit !== null; unit = take(shares, lane)) {
      signal?.throwIfAborted();
      if (failed) return;
      await make(units[unit]!, lane);
    }
  };
  const askers = lanes.flatMap(({ ahead }, lane) => new Array<number>(ahead).fill(lane));
  const ends = await Promise.allSettled(
    askers.map((lane) =>
      run(lane).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** The next unit of a lane; null when there is none for anyone. */
function take(shares: readonly Share[], lane: number): number | null {
  const own = shares[lane]!;
  if (own.next === own.end) {
    const longest = shares.reduce((a, b) => (b.end - b.next > a.end - a.next ? b : a));
    if (longest.next === longest.end) return null;
    own.end = longest.end;
    own.next = longest.next + Math.floor((longest.end - longest.next) / 2);
    longest.end = own.next;
  }
  return own.next++;
}

async function mergedStatistics(lanes: readonly Lane[]): Promise<Pick<Built, 'statistics' | 'zones'>> {
  const parts = await Promise.all(lanes.map((lane) => lane.statistics()));
  const [merged, ...others] = parts.map(({ bands }) => bands);
  if (merged === undefined) throw new SwathError('Bug', 'an image was built by no lane');
  for (const other of others) {
    for (const [band, statistics] of other.entries()) mergeStatistics(merged[band]!, statistics);
  }
  return { statistics: merged, zones: parts.flatMap(({ zones }) => zones ?? []) };
}
