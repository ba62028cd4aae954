import type { GridPixels } from './grid-pixels.ts';
import { setPixels } from './grid-pixels.ts';
import { type GridRead, gridPlane } from './grid-plane.ts';
import { withSpace } from './space-pool.ts';

/** {@link gridPlane} in memory of its own. */
export async function readOnGrid(read: GridRead): Promise<GridPixels> {
  const pixels = read.window.width * read.window.height;
  const out = { values: new Float32Array(pixels), valid: new Uint8Array(pixels) };
  await withSpace(async (space) => {
    const to = space.take(pixels * 4);
    await gridPlane(read, space, to);
    setPixels(out, space.singles(to, pixels));
  });
  return out;
}
