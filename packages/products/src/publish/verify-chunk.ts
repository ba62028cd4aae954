import { SwathError } from '@swath/core';
import type { Grid } from '@swath/geo';
import type { OpenImage, RasterImage, StoredType } from '@swath/raster';
import { fileSha256 } from '@swath/raster/cog/digest';

/** @throws SwathError Corrupt when a chunk's file is not the one its result names, or not on its part of the grid. */
export async function verifyChunk(
  file: { readonly chunk: number; readonly path: string; readonly sha256: string },
  expected: { readonly grid: Grid; readonly bands: number; readonly stored: StoredType },
  open: OpenImage,
  signal?: AbortSignal,
): Promise<void> {
  const fail = (why: string) => new SwathError('Corrupt', `Chunk ${file.chunk}: ${why}.`);
  const sha256 = await fileSha256(file.path, signal);
  if (sha256 !== file.sha256) throw fail(`its file has sha256 ${sha256}, its result says ${file.sha256}`);
  const image = await open(file.path, signal);
  try {
    const difference = gridDifference(image, expected);
    if (difference !== undefined) throw fail(difference);
  } finally {
    await image.close();
  }
}

function gridDifference(
  { info }: RasterImage,
  { grid, bands, stored }: { readonly grid: Grid; readonly bands: number; readonly stored: StoredType },
): string | undefined {
  if (info.width !== grid.width || info.height !== grid.height) {
    return `${info.width} x ${info.height} pixels instead of ${grid.width} x ${grid.height}`;
  }
  if (info.bands.length !== bands) return `${info.bands.length} bands instead of ${bands}`;
  if (info.dtype !== stored.dtype) return `${info.dtype} instead of ${stored.dtype}`;
  if (info.crs !== null && info.crs !== grid.crs) return `${info.crs} instead of ${grid.crs}`;
  const pixel = Math.abs(grid.geotransform[1]) + Math.abs(grid.geotransform[2]);
  const found = info.geotransform;
  if (
    found === null ||
    found.some((value, i) => Math.abs(value - (grid.geotransform[i] ?? 0)) > pixel / 1000)
  ) {
    return `geotransform [${found?.join(', ')}] instead of [${grid.geotransform.join(', ')}]`;
  }
  return undefined;
}
