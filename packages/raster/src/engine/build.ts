import { SwathError } from '@swath/core';
import type { CogSpec } from '../cog/spec.ts';
import { DEFAULT_BLOCK_SIZE } from '../cog/spec.ts';
import { createSpill, type SpilledTile } from '../cog/spill.ts';
import { type Unit, unitsOf } from '../cog/units.ts';
import { createUpperLevels, FIRST_SHARED_LEVEL } from '../cog/upper-levels.ts';
import { addCounts, noPixels } from '../process/process-window.ts';
import type { PixelCounts } from '../process/work.ts';
import { mergeStatistics, type StatisticsAccumulator } from '../stats/accumulator.ts';
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
      statistics: await mergedStatistics(lanes),
      counts,
    };
  } finally {
    spill.close();
  }
}

export type Progress = (done: number, total: number) => void;

/** Neighbouring units that one lane takes together, so that source blocks they share are decoded once. */
const TOGETHER = 4;

/** Every lane takes the next units until there are none. The first failure stops all, once their units have ended. */
async function shareOut(
  units: readonly Unit[],
  lanes: readonly Lane[],
  signal: AbortSignal | undefined,
  make: (unit: Unit, lane: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const run = async (lane: number): Promise<void> => {
    while (next < units.length && !failed) {
      const take = units.length - next > lanes.length * TOGETHER * 2 ? TOGETHER : 1;
      const mine = units.slice(next, next + take);
      next += take;
      for (const unit of mine) {
        signal?.throwIfAborted();
        if (failed) return;
        await make(unit, lane);
      }
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

async function mergedStatistics(lanes: readonly Lane[]): Promise<readonly StatisticsAccumulator[]> {
  const [merged, ...others] = await Promise.all(lanes.map((lane) => lane.statistics()));
  if (merged === undefined) throw new SwathError('Bug', 'an image was built by no lane');
  for (const other of others) {
    for (const [band, statistics] of other.entries()) mergeStatistics(merged[band]!, statistics);
  }
  return merged;
}
