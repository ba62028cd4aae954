import type { PixelWindow } from '@swath/geo';
import type { StoredType } from '../process/work.ts';
import type { CogSpec } from './spec.ts';

export const STORED: Record<'int16' | 'uint16' | 'uint8' | 'float32' | 'int32', StoredType> = {
  int16: { dtype: 'int16', scale: 0.0001, offset: -0.1, nodata: -32768 },
  uint16: { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 },
  uint8: { dtype: 'uint8', scale: 0.5, offset: 1, nodata: 255 },
  float32: { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' },
  int32: { dtype: 'int32', scale: 2 ** -10, offset: 0, nodata: -2147483648 },
};

/** Smooth and noisy, valid for every dtype, with a hole and a nodata corner. Depends on the place alone. */
function valueAt(x: number, y: number, band: number, stored: StoredType): number {
  if ((x + y) % 97 === 0 || (x < 40 && y > 300)) return Number.NaN;
  const dn = 80 + 40 * Math.sin(x / 37 + band) + 20 * Math.cos(y / 23) + ((x * 7919 + y * 104729) % 17);
  return stored.dtype === 'float32' ? dn / 77 : Math.round(dn) * stored.scale + stored.offset;
}

export function reader(spec: CogSpec) {
  return async (window: PixelWindow) =>
    spec.bands.map(({ stored }, band) => {
      const plane = new Float32Array(window.width * window.height);
      for (let i = 0; i < plane.length; i++) {
        const x = window.x + (i % window.width);
        plane[i] = valueAt(x, window.y + Math.floor(i / window.width), band, stored);
      }
      return plane;
    });
}

export function specOf(width: number, height: number, stored: StoredType, bands: number): CogSpec {
  return {
    grid: { crs: 'EPSG:32631', geotransform: [499980, 10, 0, 5000040, 0, -10], width, height },
    bands: Array.from({ length: bands }, (_, i) => ({ name: `band ${i} <&>`, stored })),
    overviews: true,
    metadata: { SWATH_ITEM: 'x & "y"' },
  };
}
