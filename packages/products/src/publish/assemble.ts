import type { PixelWindow } from '@swath/geo';
import type { OpenImage, RasterImage, ReadPlanes, Samples, StoredType } from '@swath/raster';
import { CHUNKS_OPEN } from '../limits.ts';
import { copyWindow, intersects } from '../process/chunk-grid.ts';

/** A chunk's pixels in a file, and the window of the product's grid they cover. */
export interface ChunkFile {
  readonly chunk: number;
  readonly window: PixelWindow;
  readonly path: string;
}

/** Reads windows of a product out of its chunk files. Where no chunk is, everything is NaN. */
export function chunkMosaic(
  files: readonly ChunkFile[],
  bands: number,
  stored: StoredType,
  open: OpenImage,
  signal?: AbortSignal,
): { readonly read: ReadPlanes; readonly close: () => Promise<void> } {
  const images = new Map<string, RasterImage>();

  const image = async (path: string): Promise<RasterImage> => {
    const known = images.get(path);
    if (known !== undefined) return known;
    for (const [oldest, opened] of images) {
      if (images.size < CHUNKS_OPEN) break;
      images.delete(oldest);
      await opened.close();
    }
    const opened = await open(path, signal);
    images.set(path, opened);
    return opened;
  };

  return {
    read: async (window) => {
      const planes = Array.from({ length: bands }, () =>
        new Float32Array(window.width * window.height).fill(Number.NaN),
      );
      for (const file of files) {
        if (!intersects(file.window, window)) continue;
        const part = intersection(file.window, window);
        const source = await image(file.path);
        for (const [index, plane] of planes.entries()) {
          const { data, valid } = await source.readWindow({
            band: index + 1,
            level: 0,
            window: { ...part, x: part.x - file.window.x, y: part.y - file.window.y },
            ...(signal === undefined ? {} : { signal }),
          });
          copyWindow({ plane: valuesOf(data, valid, stored), window: part }, { plane, window });
        }
      }
      return planes;
    },
    close: async () => {
      for (const opened of images.values()) await opened.close();
      images.clear();
    },
  };
}

function intersection(a: PixelWindow, b: PixelWindow): PixelWindow {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.min(a.x + a.width, b.x + b.width) - x,
    height: Math.min(a.y + a.height, b.y + b.height) - y,
  };
}

/** Stored numbers as values: `DN * scale + offset` in double, rounded once to single; nodata becomes NaN. */
function valuesOf(data: Samples, valid: Uint8Array | undefined, stored: StoredType): Float32Array {
  const { scale, offset } = stored;
  const nodata = stored.nodata === 'nan' ? Number.NaN : stored.nodata;
  const values = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const dn = Number(data[i]);
    values[i] = dn === nodata || valid?.[i] === 0 ? Number.NaN : dn * scale + offset;
  }
  return values;
}
