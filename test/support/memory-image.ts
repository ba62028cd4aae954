import type { CrsId, Geotransform } from '@swath/geo';
import type { RasterImage, WindowRequest } from '@swath/raster';

export interface MemoryImageSpec {
  readonly name: string;
  readonly crs: CrsId;
  readonly geotransform: Geotransform;
  readonly width: number;
  readonly height: number;
  readonly nodata: number | 'nan' | null;
  /** @default float64 */
  readonly dtype?: 'float64' | 'uint16';
  /** Digital number of a pixel. */
  readonly at: (x: number, y: number) => number;
}

/** A one-band raster made of a formula, which notes every window read from it. */
export interface MemoryImage extends RasterImage {
  readonly reads: WindowRequest[];
}

export function memoryImage({
  name,
  crs,
  geotransform,
  width,
  height,
  nodata,
  dtype = 'float64',
  at,
}: MemoryImageSpec): MemoryImage {
  const reads: WindowRequest[] = [];
  return {
    name,
    reads,
    info: {
      width,
      height,
      bands: [{ scale: 1, offset: 0 }],
      dtype,
      crs,
      geotransform,
      nodata,
      levels: [{ width, height, blockWidth: 64, blockHeight: 64 }],
      compression: 'none',
      tags: {},
    },
    async readWindow(request) {
      reads.push(request);
      const { window } = request;
      const inside =
        window.x >= 0 &&
        window.y >= 0 &&
        window.x + window.width <= width &&
        window.y + window.height <= height;
      if (!inside || request.level !== 0 || window.width < 1 || window.height < 1) {
        throw new Error(`window ${JSON.stringify(request)} is not inside ${width} x ${height}`);
      }
      const pixels = window.width * window.height;
      const data = dtype === 'uint16' ? new Uint16Array(pixels) : new Float64Array(pixels);
      for (let i = 0; i < data.length; i++) {
        data[i] = at(window.x + (i % window.width), window.y + Math.floor(i / window.width));
      }
      return { data };
    },
    async close() {},
  };
}
