import { EDGE_PX } from './limits.ts';
import type { OraclePixels, Positions, SourcePixels } from './oracle-point.fixture.ts';

export type AreaMethod = 'average' | 'mode' | 'min' | 'max';

/** Source pixels [first, last) along one axis that a grid pixel touches, and the exact span. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** At least one pixel, cut at the level; null when the span lies outside or has no position. */
function spanOf(a: number, b: number, size: number): Span | null {
  const from = Math.max(Math.min(a, b), 0);
  const to = Math.min(Math.max(a, b), size);
  // Written so that NaN is outside.
  if (!(to > from - EDGE_PX && from < size - EDGE_PX && to > EDGE_PX)) return null;
  const first = Math.floor(from + EDGE_PX);
  const last = Math.min(Math.max(Math.ceil(to - EDGE_PX), first + 1), size);
  return { first, last, from, to };
}

/** Share of pixel `index` that the span covers, 1 where the span lies in one pixel (GDAL's rule). */
function coverage(span: Span, index: number): number {
  if (span.last - span.first === 1) return 1;
  if (index === span.first) return 1 - (span.from - index);
  if (index === span.last - 1) return 1 - (span.last - span.to);
  return 1;
}

/**
 * One value of all valid source pixels that a grid pixel touches. The grid pixel is the rectangle between the
 * positions of its upper-left and lower-right corners, as gdalwarp has it: exact for grids that are not turned
 * against the source.
 *
 * - average: weighted by the share of each source pixel that is covered
 * - mode: the value most pixels have; of equals the one that gets there first, row by row
 * - min, max: of every pixel touched
 *
 * @param corners of `width + 1` x `height + 1` corners of the window.
 */
export function aggregateArea(
  source: SourcePixels,
  corners: Positions,
  columns: number,
  out: OraclePixels,
  method: AreaMethod,
): void {
  const reduce = REDUCERS[method];
  for (let i = 0; i < out.valid.length; i++) {
    const upperLeft = Math.floor(i / columns) * (columns + 1) + (i % columns);
    const lowerRight = upperLeft + columns + 2;
    const across = spanOf(corners.x[upperLeft]!, corners.x[lowerRight]!, source.levelWidth);
    const down = spanOf(corners.y[upperLeft]!, corners.y[lowerRight]!, source.levelHeight);
    if (across === null || down === null) continue;
    const value = reduce(source, across, down);
    if (Number.isNaN(value)) continue;
    out.values[i] = value;
    out.valid[i] = 1;
  }
}

/** NaN when no pixel is valid. */
type Reducer = (source: SourcePixels, across: Span, down: Span) => number;

const average: Reducer = (source, across, down) => {
  let sum = 0;
  let weights = 0;
  for (let row = down.first; row < down.last; row++) {
    const rowWeight = coverage(down, row);
    for (let column = across.first; column < across.last; column++) {
      const index = (row - source.y) * source.width + (column - source.x);
      if (source.valid[index] === 0) continue;
      const weight = rowWeight * coverage(across, column);
      sum += source.data[index]! * weight;
      weights += weight;
    }
  }
  return weights > 0 ? sum / weights : Number.NaN;
};

const mode: Reducer = (source, across, down) => {
  const counts = new Map<number, number>();
  let best = Number.NaN;
  let most = 0;
  for (let row = down.first; row < down.last; row++) {
    for (let column = across.first; column < across.last; column++) {
      const index = (row - source.y) * source.width + (column - source.x);
      if (source.valid[index] === 0) continue;
      const value = source.data[index]!;
      const count = (counts.get(value) ?? 0) + 1;
      counts.set(value, count);
      if (count > most) {
        most = count;
        best = value;
      }
    }
  }
  return best;
};

function extreme(pick: (a: number, b: number) => number): Reducer {
  return (source, across, down) => {
    let best = Number.NaN;
    for (let row = down.first; row < down.last; row++) {
      for (let column = across.first; column < across.last; column++) {
        const index = (row - source.y) * source.width + (column - source.x);
        if (source.valid[index] === 0) continue;
        best = Number.isNaN(best) ? source.data[index]! : pick(best, source.data[index]!);
      }
    }
    return best;
  };
}

const REDUCERS: Readonly<Record<AreaMethod, Reducer>> = {
  average,
  mode,
  min: extreme(Math.min),
  max: extreme(Math.max),
};
