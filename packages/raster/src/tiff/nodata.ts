import type { SampleType } from '../image.ts';

const FLOAT32_MAX = 3.4028234663852886e38;

/** C's strtod as GDAL's CPLAtof uses it: the longest numeric prefix, 0 when there is none. */
function numericPrefix(text: string): number {
  const trimmed = text.trimStart();
  if (/^[+-]?nan/i.test(trimmed)) return Number.NaN;
  const infinite = /^([+-]?)(inf|1\.#inf)/i.exec(trimmed);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  if (/^-?1\.#(qnan|ind)/i.test(trimmed)) return Number.NaN;
  return Number(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(trimmed)?.[0] ?? 0);
}

/**
 * The nodata value of GDAL_NODATA as GDAL 3.6 reads it for a band of this type: text that does not begin with a
 * number is 0, float32 values are rounded to float32 (values a hair above its maximum become the maximum), and
 * values an integer type cannot hold are kept: no sample ever equals them. Null for an empty tag.
 */
export function parseNodata(text: string | undefined, dtype: SampleType): number | 'nan' | null {
  if (text === undefined || text.trim() === '') return null;
  const value = numericPrefix(text);
  if (Number.isNaN(value)) return 'nan';
  if (dtype !== 'float32' && dtype !== 'float16') return value;
  if (!Number.isFinite(value)) return value;
  if (Math.abs(Math.abs(value) - FLOAT32_MAX) < 1e-10 * FLOAT32_MAX) return Math.sign(value) * FLOAT32_MAX;
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) ? rounded : value;
}
