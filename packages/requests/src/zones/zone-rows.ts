import { SwathError } from '@swath/core';
import * as z from 'zod';

const number = z.number().nullable();

/** One row of a product's `zones.json`. */
const zoneRow = z.object({
  zone: z.string(),
  band: z.string(),
  pixels: z.number(),
  count: z.number(),
  validPercent: z.number(),
  sum: number,
  min: number,
  max: number,
  mean: number,
  std: number,
  percentiles: z
    .object({
      p2: z.number(),
      p5: z.number(),
      p25: z.number(),
      p50: z.number(),
      p75: z.number(),
      p95: z.number(),
      p98: z.number(),
    })
    .nullable(),
  percentileError: z.number(),
});
export type ZoneRow = Readonly<z.output<typeof zoneRow>>;

const document = z.object({ rows: z.array(zoneRow) });

/** The rows of a product's `zones.json`, as publishing writes it. @throws SwathError Corrupt. */
export function readZoneRows(bytes: Uint8Array): readonly ZoneRow[] {
  try {
    return document.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).rows;
  } catch (cause) {
    throw new SwathError('Corrupt', 'A document of statistics by zone is not what publishing writes.', {
      cause,
    });
  }
}
