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
