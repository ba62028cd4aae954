import { resolve } from 'node:path';
import * as z from 'zod';
import type { JobName } from '../jobs/jobs.ts';
import { runQuietly } from '../measure/run-quietly.ts';
import { outputOf, PYTHON } from '../measure/tools.ts';
import { compareByUs } from './compare.ts';

export const agreement = z.object({
  pixels: z.number(),
  identical: z.number(),
  onlyOursValid: z.number(),
  onlyTheirsValid: z.number(),
  /** Where both are valid, in stored units. */
  maxDifference: z.number(),
});

/** How the pixels of two results relate. */
export type Agreement = z.output<typeof agreement>;

export const nodataOf: Readonly<Record<JobName, number>> = { i16: -32_768, f32: -9999, warp: 0 };

/** Whether Python can read rasters here; asked once. */
let withGdal: Promise<boolean> | undefined;

/** Compares two results pixel by pixel: as GDAL reads them where it is installed, else as we do. */
export async function compareResults(ours: string, theirs: string, job: JobName): Promise<Agreement> {
  withGdal ??= outputOf(PYTHON, ['-c', 'from osgeo import gdal_array; print("here")']).then(Boolean);
  if (!(await withGdal)) return await compareByUs(ours, theirs, nodataOf[job]);
  const script = resolve(import.meta.dirname, 'compare.py');
  const text = await runQuietly(PYTHON, [script, ours, theirs, String(nodataOf[job])]);
  return agreement.parse(JSON.parse(text));
}

/** What GDAL's own validator says of a COG: `valid`, its complaints, or `not checked` where it is not installed. */
export async function validateCog(path: string): Promise<string> {
  const module = 'osgeo_utils.samples.validate_cloud_optimized_geotiff';
  const installed = await outputOf(PYTHON, ['-c', `import ${module}; print("here")`]);
  if (installed === '') return 'not checked';
  const report = await runQuietly('bash', ['-c', '"$@" 2>&1 || true', '-', PYTHON, '-m', module, path]);
  return report.includes('is a valid cloud optimized GeoTIFF') ? 'valid' : report.trim();
}

/** What a comparison may show at most. Units are stored ones. */
export interface Tolerance {
  readonly maxDifference: number;
  /** Share of pixels that only one of the two has. */
  readonly maskShare: number;
}

/**
 * NDVI: the same mask, and values that differ by their last digit at most: peers that compute in double precision
 * round some pixels to the other neighbour. In single precision, 0.1 away from which reflectances are measured is known
 * to 7e-9; over sums of reflectances from 0.1 on that makes some 1e-7. Warp: against exact positions, as our warp promises (4 DN); the outline
 * of the data may go either way.
 */
export const tolerances: Readonly<Record<JobName, Tolerance>> = {
  i16: { maxDifference: 1, maskShare: 0 },
  f32: { maxDifference: 1e-6, maskShare: 0 },
  warp: { maxDifference: 4, maskShare: 1e-4 },
};

export function agrees(found: Agreement, job: JobName): boolean {
  const { maxDifference, maskShare } = tolerances[job];
  const masks = (found.onlyOursValid + found.onlyTheirsValid) / found.pixels;
  return found.maxDifference <= maxDifference && masks <= maskShare;
}
