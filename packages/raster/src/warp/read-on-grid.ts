import { type GridRead, gridPlane } from './grid-plane.ts';
import { withSpace } from './space-pool.ts';

/** Pixels on the grid; values are digital numbers, not rounded when interpolated. */
export interface GridPixels {
  readonly values: Float32Array;
  /** 1 = valid; the value of any other pixel is NaN. */
  readonly valid: Uint8Array;
}

/** {@link gridPlane} in memory of its own. */
export async function readOnGrid(read: GridRead): Promise<GridPixels> {
  const pixels = read.window.width * read.window.height;
  return await withSpace(async (space) => {
    const to = space.take(pixels * 4);
    await gridPlane(read, space, to);
    const values = space.singles(to, pixels).slice();
    return { values, valid: Uint8Array.from(values, (value) => Number(!Number.isNaN(value))) };
  });
}
