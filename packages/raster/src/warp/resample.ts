import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import { SAMPLE_CODE } from '../kernels/kernels.ts';
import type { KernelSpace } from '../kernels/space.ts';
import {
  AREA_CODE,
  MODE_ENTRY_BYTES,
  NODE_BYTES,
  RUN_BYTES,
  type WarpSampleCode,
  type WarpWordCode,
  WIDENED_CODE,
} from '../kernels/warp-kernels.ts';
import type { Resampling } from '../process/work.ts';
import type { KernelScale } from './level.ts';
import { CELL_SIDE, SMALLEST_STEP, SOURCE_WINDOW_PIXELS } from './limits.ts';
import { onLevel, type Patch, patchesOf, reachOf } from './patches.ts';
import type { PositionMap } from './positions.ts';
import { readSource, type SourceLevel, type SourceSamples, singlesOf } from './source-window.ts';

/** How one band is brought to a grid: decided once for grid and image, the same for every window. */
export interface Resample {
  readonly source: SourceLevel;
  /** From pixels of the grid to pixels of the image at full resolution. */
  readonly map: PositionMap;
  readonly method: Resampling;
  /** How far bilinear and cubic kernels widen, in pixels of the level. */
  readonly scale: KernelScale;
}

/** Where results go: singles, `columns` to a row, the first of the window at `to`. */
export interface Target {
  readonly space: KernelSpace;
  readonly to: number;
  readonly columns: number;
}

/**
 * Writes the pixels of a window that have a value; the target holds NaN beforehand. The window is cut in halves where it
 * needs more of the source than may be in memory. Leaves the space's stack as it was.
 * @throws SwathError LimitExceeded when one pixel needs too much; what reading throws.
 */
export async function resample(work: Resample, window: PixelWindow, target: Target): Promise<void> {
  work.source.signal?.throwIfAborted();
  const { patches, needed } = planWindow(work, window);
  if (needed === null) return;
  if (needed.width * needed.height > SOURCE_WINDOW_PIXELS) {
    if (window.width === 1 && window.height === 1) throw tooMuch(work, needed);
    for (const half of halves(window)) {
      const offset = (half.y - window.y) * target.columns + (half.x - window.x);
      await resample(work, half, { ...target, to: target.to + offset * 4 });
    }
    return;
  }
  const { space } = target;
  const mark = space.mark();
  try {
    const samples = await readSource(work.source, needed, space);
    if (isArea(work.method)) fillAreas(work.method, window, patches, samples, target);
    else fillPoints(work, work.method, window, patches, samples, target);
  } finally {
    space.release(mark);
  }
}

interface WindowPlan {
  /** Positions in pixels of the level. */
  readonly patches: readonly Patch[];
  /** What must be read; null for nothing. */
  readonly needed: PixelWindow | null;
}

function planWindow({ source, map, method, scale }: Resample, window: PixelWindow): WindowPlan {
  const { image, level } = source;
  const { width, height } = image.info.levels[level]!;
  const area = isArea(method);
  const sampled = area ? { ...window, width: window.width + 1, height: window.height + 1 } : window;
  const patches: Patch[] = [];
  const margin = reachPx(method, scale);
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const full of patchesOf(map, sampled, area ? 0 : 0.5, image.info)) {
    const patch = onLevel(full, width / image.info.width, height / image.info.height);
    const reach = reachOf(patch);
    if (reach === null) continue;
    const outside = reach.right < -1 || reach.bottom < -1 || reach.left > width + 1 || reach.top > height + 1;
    // A grid pixel may reach from one patch into another, so all of them count for areas.
    if (outside && !area) continue;
    patches.push(patch);
    left = Math.min(left, reach.left);
    right = Math.max(right, reach.right);
    top = Math.min(top, reach.top);
    bottom = Math.max(bottom, reach.bottom);
  }
  const x = Math.max(0, Math.floor(left) - margin);
  const y = Math.max(0, Math.floor(top) - margin);
  const needed = {
    x,
    y,
    width: Math.min(width, Math.ceil(right) + margin) - x,
    height: Math.min(height, Math.ceil(bottom) + margin) - y,
  };
  return { patches, needed: needed.width > 0 && needed.height > 0 ? needed : null };
}

export function isArea(method: Resampling): method is keyof typeof AREA_CODE {
  return method in AREA_CODE;
}

/** Source pixels around a position that a kernel touches, and one for rounding. */
function reachPx(method: Resampling, scale: KernelScale): number {
  if (method === 'nearest' || isArea(method)) return 1;
  return Math.ceil((method === 'cubic' ? 2 : 1) * Math.max(scale.x, scale.y)) + 1;
}

/** Runs of pixels, made for one patch after the other in the same memory. */
interface RunMaker {
  readonly runs: number;
  /** @returns how many runs the patch has. */
  make(patch: Patch): number;
}

function runMaker(space: KernelSpace, sampled: PixelWindow, source: PixelWindow, columns: number): RunMaker {
  const nodesAt = space.take((CELL_SIDE / SMALLEST_STEP + 1) ** 2 * NODE_BYTES);
  const runs = space.take(CELL_SIDE * (CELL_SIDE / SMALLEST_STEP + 2) * RUN_BYTES);
  return {
    runs,
    make({ x, y, part, stepLog2, columns: nodeColumns, nodes }) {
      space.doubles(nodesAt, nodes.length).set(nodes);
      const outFirst = (part.y - sampled.y) * columns + (part.x - sampled.x);
      return space.kernels.warpRuns(
        nodesAt,
        nodeColumns,
        stepLog2,
        part.x - x,
        part.y - y,
        part.width,
        part.height,
        source.x,
        source.y,
        outFirst,
        columns,
        runs,
      );
    },
  };
}

function fillPoints(
  { scale }: Resample,
  method: 'nearest' | 'bilinear' | 'cubic',
  window: PixelWindow,
  patches: readonly Patch[],
  samples: SourceSamples,
  { space, to, columns }: Target,
): void {
  const { kernels } = space;
  const { width, height } = samples.window;
  const maker = runMaker(space, window, samples.window, columns);
  const { runs } = maker;
  const widened = scale.x > 1 || scale.y > 1;
  const { type, nodata } = samples;
  if (samples.valid === undefined && method === 'nearest') {
    for (const patch of patches) {
      const count = maker.make(patch);
      kernels.warpNearest(samples.at, width, height, type, nodata, runs, count, to);
    }
    return;
  }
  if (samples.valid === undefined && method === 'bilinear' && !widened && isWords(type)) {
    for (const patch of patches) {
      const count = maker.make(patch);
      kernels.warpBilinearWords(samples.at, width, height, type, nodata, runs, count, to);
    }
    return;
  }
  const at = singlesOf(space, samples);
  const reach = method === 'cubic' ? 2 : 1;
  const scratch = space.take(8 * (Math.ceil(reach * scale.x) + Math.ceil(reach * scale.y)) + 32);
  for (const patch of patches) {
    const count = maker.make(patch);
    if (method === 'nearest') kernels.warpNearest(at, width, height, 4, Number.NaN, runs, count, to);
    else if (widened) {
      const code = WIDENED_CODE[method];
      kernels.warpWidened(at, width, height, runs, count, to, code, scale.x, scale.y, scratch);
    } else if (method === 'cubic') kernels.warpCubic(at, width, height, runs, count, to);
    else kernels.warpBilinear(at, width, height, runs, count, to);
  }
}

function fillAreas(
  method: keyof typeof AREA_CODE,
  window: PixelWindow,
  patches: readonly Patch[],
  samples: SourceSamples,
  { space, to, columns }: Target,
): void {
  const { kernels } = space;
  const corners = { ...window, width: window.width + 1, height: window.height + 1 };
  const count = corners.width * corners.height;
  const xs = space.take(count * 8);
  const ys = space.take(count * 8);
  const maker = runMaker(space, corners, samples.window, corners.width);
  const at = singlesOf(space, samples);
  space.doubles(xs, count).fill(Number.NaN);
  space.doubles(ys, count).fill(Number.NaN);
  for (const patch of patches) kernels.warpPositions(maker.runs, maker.make(patch), xs, ys);
  const { width, height } = samples.window;
  let entries = 1;
  if (method === 'mode') {
    const touched = kernels.warpAreaPixels(xs, ys, window.width, window.height, width, height);
    entries = 2 ** Math.ceil(Math.log2(2 * Math.min(touched, distinctMax(samples)) + 2));
  }
  const table = space.take(entries * MODE_ENTRY_BYTES);
  space.bytes(table, entries * MODE_ENTRY_BYTES).fill(0);
  kernels.warpArea(
    at,
    width,
    height,
    xs,
    ys,
    window.width,
    window.height,
    AREA_CODE[method],
    to,
    columns,
    table,
    entries - 1,
  );
}

/** How many different values samples of a type can have. */
function distinctMax({ type }: SourceSamples): number {
  if (type === SAMPLE_CODE.float32) return Number.POSITIVE_INFINITY;
  return type === SAMPLE_CODE.uint8 ? 2 ** 8 : 2 ** 16;
}

const isWords = (type: WarpSampleCode): type is WarpWordCode =>
  type === SAMPLE_CODE.int16 || type === SAMPLE_CODE.uint16;

function tooMuch({ source }: Resample, needed: PixelWindow): SwathError {
  return new SwathError(
    'LimitExceeded',
    `One pixel of the grid needs ${needed.width} x ${needed.height} pixels of ${source.image.name}, more than ` +
      `${SOURCE_WINDOW_PIXELS}.`,
    { fix: 'Ask for a finer resolution, or resample by average or nearest.' },
  );
}

function halves({ x, y, width, height }: PixelWindow): readonly [PixelWindow, PixelWindow] {
  if (width >= height) {
    const left = Math.floor(width / 2);
    return [
      { x, y, width: left, height },
      { x: x + left, y, width: width - left, height },
    ];
  }
  const upper = Math.floor(height / 2);
  return [
    { x, y, width, height: upper },
    { x, y: y + upper, width, height: height - upper },
  ];
}
