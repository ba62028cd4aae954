import { SwathError } from '@swath/core';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from '../cog/spec.ts';
import type { Spill, SpilledTile } from '../cog/spill.ts';
import { blocksOf, unitBytes, unitsOf } from '../cog/units.ts';
import { createUpperLevels, FIRST_SHARED_LEVEL } from '../cog/upper-levels.ts';
import { addCounts, noPixels } from '../process/process-window.ts';
import type { PixelCounts } from '../process/work.ts';
import { mergeStatistics, type StatisticsAccumulator } from '../stats/accumulator.ts';
import type { ZoneParts } from '../zones/collect.ts';
import { type Lane, levelsOf } from './lane.ts';
import { shareOut } from './share-out.ts';

export interface Built {
  /** Tiles of full resolution in the order of the file: index among the tiles, and length in bytes. */
  readonly full: { readonly tiles: Float64Array; readonly lengths: Float64Array };
  /** Length of each tile in bytes, row-major, of the largest overview first. The tiles are in spills: of lanes, and of what they share. */
  readonly overviews: readonly Float64Array[];
  readonly statistics: readonly StatisticsAccumulator[];
  /** Of each lane; none without zones. */
  readonly zones: readonly ZoneParts[];
  readonly counts: PixelCounts;
}

/**
 * Makes every tile of an image in one pass: lanes take units as they become free; what several units share is made here.
 * Which lane makes what does not show in the result.
 * @param spill takes the overviews that several units share.
 */
export async function buildTiles(
  spec: CogSpec,
  lanes: readonly Lane[],
  spill: Spill,
  options: {
    readonly waitingBytes: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: Progress | undefined;
  },
): Promise<Built> {
  const { blockSize = DEFAULT_BLOCK_SIZE } = spec;
  const levels = levelsOf(spec);
  const [full] = levels;
  const units = unitsOf(full!, blockSize);
  const upper = createUpperLevels(spec, levels, spill);
  const overviews = levels
    .slice(1)
    .map(({ tilesAcross, tilesDown }) => new Float64Array(tilesAcross * tilesDown));
  const unitLengths: (readonly number[])[] = new Array(units.length);
  let counts = noPixels;
  let done = 0;
  const note = ({ level, tile, length }: SpilledTile) => {
    overviews[level - 1]![tile] = length;
  };
  const sharing = {
    units: units.length,
    ahead: lanes.map(({ ahead }) => ahead),
    window: Math.max(waitingUnits(spec, options.waitingBytes), 2 * lanes.length),
    signal: options.signal,
  };
  await shareOut(sharing, async (index, lane) => {
    const unit = units[index]!;
    const report = await lanes[lane]!.make(unit);
    unitLengths[index] = report.lengths;
    if (report.overview !== null) note(report.overview);
    counts = addCounts(counts, report.counts);
    upper.add(FIRST_SHARED_LEVEL, unit.column, unit.row, report.apex);
    options.onProgress?.(++done, units.length);
  });
  for (const tile of upper.finish()) note(tile);
  return {
    full: {
      tiles: Float64Array.from(
        units.flatMap((unit) => blocksOf(unit, full!, blockSize).map(({ tile }) => tile)),
      ),
      lengths: Float64Array.from(unitLengths.flat()),
    },
    overviews,
    ...(await mergedStatistics(lanes)),
    counts,
  };
}

export type Progress = (done: number, total: number) => void;

/** Units that may wait for the place of an earlier one. */
export function waitingUnits(spec: CogSpec, bytes: number): number {
  return Math.floor(bytes / unitBytes(spec));
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
