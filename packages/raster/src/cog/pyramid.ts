import type { DnPlane } from '../stats/accumulator.ts';
import type { TilePlanes } from './tile.ts';

export interface PyramidLevel {
  readonly width: number;
  readonly height: number;
  readonly tilesAcross: number;
  readonly tilesDown: number;
}

/**
 * Full resolution first, then each level half the one before, rounded up, until both sides fit one block. The
 * last column or row of an odd side is then a pixel whose right or lower half has no source.
 */
export function pyramidLevels(
  width: number,
  height: number,
  blockSize: number,
  overviews: 'none' | 'halves',
): PyramidLevel[] {
  const levels = [levelOf(width, height, blockSize)];
  if (overviews === 'none') return levels;
  for (let last = levels[0]!; last.width > blockSize || last.height > blockSize; ) {
    last = levelOf(Math.ceil(last.width / 2), Math.ceil(last.height / 2), blockSize);
    levels.push(last);
  }
  return levels;
}

function levelOf(width: number, height: number, blockSize: number): PyramidLevel {
  const tilesAcross = Math.ceil(width / blockSize);
  return { width, height, tilesAcross, tilesDown: Math.ceil(height / blockSize) };
}

/** Size of tile (column, row) of a level, cut at its edge. */
export function tileSize(level: PyramidLevel, column: number, row: number, blockSize: number) {
  return {
    width: Math.min(blockSize, level.width - column * blockSize),
    height: Math.min(blockSize, level.height - row * blockSize),
  };
}

/**
 * Writes the 2 x 2 averages of a tile into its quarter of the parent tile. Averages are of the valid pixels alone
 * and are not rounded until they are stored, so errors do not add up from level to level.
 * @param corner pixel of the parent where this quarter starts.
 */
export function averageInto(
  parent: TilePlanes,
  child: TilePlanes,
  corner: { readonly x: number; readonly y: number },
): void {
  for (let band = 0; band < child.planes.length; band++) {
    const to = parent.planes[band]!;
    const from = child.planes[band]!;
    for (let y = 0; y < child.height; y += 2) {
      averageRow(from, child, y, to, (corner.y + y / 2) * parent.width + corner.x);
    }
  }
}

/** One row of averages from rows y and y + 1 of the child, where they exist. */
function averageRow(from: DnPlane, child: TilePlanes, y: number, to: DnPlane, start: number): void {
  const { width } = child;
  const upper = y * width;
  const lower = y + 1 < child.height ? upper + width : -1;
  for (let x = 0, at = start; x < width; x += 2, at++) {
    let sum = 0;
    let count = 0;
    const right = x + 1 < width;
    const a = from[upper + x]!;
    if (!Number.isNaN(a)) {
      sum += a;
      count++;
    }
    const b = right ? from[upper + x + 1]! : Number.NaN;
    if (!Number.isNaN(b)) {
      sum += b;
      count++;
    }
    const c = lower >= 0 ? from[lower + x]! : Number.NaN;
    if (!Number.isNaN(c)) {
      sum += c;
      count++;
    }
    const d = right && lower >= 0 ? from[lower + x + 1]! : Number.NaN;
    if (!Number.isNaN(d)) {
      sum += d;
      count++;
    }
    to[at] = count === 0 ? Number.NaN : sum / count;
  }
}
