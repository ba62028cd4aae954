import * as z from 'zod';
import { requestSpec } from './spec.ts';

/** Schema of `PlanView`: what a request would do, without doing it. */

const tuple = (length: number) => z.array(z.number()).length(length);

const grid = z
  .object({
    crs: z.string(),
    geotransform: tuple(6).describe("GDAL's order."),
    width: z.int(),
    height: z.int(),
  })
  .meta({ id: 'Grid' });

const geometry = z
  .object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) })
  .meta({ id: 'PolygonOrMultiPolygon' });

const window = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });

const bandInput = z.object({
  href: z.string(),
  bandIndex: z.int(),
  nodata: z.union([z.number(), z.literal('nan')]).optional(),
  scale: z.number(),
  offset: z.number(),
});

const sceneInput = z.object({
  id: z.string(),
  bands: z.record(z.string(), bandInput),
  mask: z
    .object({
      href: z.string(),
      bandIndex: z.int(),
      rule: z.union([z.object({ classes: z.array(z.int()) }), z.object({ bits: z.array(z.int()) })]),
    })
    .optional(),
});

const work = z.object({
  grid,
  steps: z.array(z.object({ label: z.string(), scenes: z.array(sceneInput) })),
  outputs: z.array(z.object({ name: z.string(), expression: z.unknown() })),
  composite: z.string(),
  resampling: z.string(),
  clip: geometry.optional(),
});

const product = z
  .object({
    label: z.string(),
    start: z.string().nullable(),
    end: z.string().nullable(),
    sceneIndexes: z.array(z.int()),
    work,
    stored: z.object({
      dtype: z.string(),
      scale: z.number(),
      offset: z.number(),
      nodata: z.union([z.number(), z.literal('nan')]),
    }),
    chunks: z.array(z.int()),
  })
  .meta({ id: 'ProductPlan' });

export const planView = z
  .object({
    plan: z.object({
      engineVersion: z.string(),
      spec: requestSpec,
      aoi: z
        .object({ geometry, bboxes: z.array(tuple(4)), areaKm2: z.number(), clip: z.boolean() })
        .nullable(),
      products: z.array(product),
      chunks: z.array(z.object({ product: z.int(), window })),
      radiometry: z.array(
        z.record(
          z.string(),
          z.object({ scale: z.number(), offset: z.number(), rule: z.string(), because: z.string() }),
        ),
      ),
      warnings: z.array(z.string()),
      estimate: z.object({ inputBytes: z.number(), outputBytes: z.number(), pixels: z.number() }),
    }),
    scenes: z.array(
      z.object({
        id: z.string(),
        collection: z.string(),
        datetime: z.string().nullable(),
        cloudCoverPercent: z.number().nullable(),
      }),
    ),
    skipped: z.array(z.object({ id: z.string(), reason: z.string() })),
    contentKey: z.string(),
    available: z.boolean().describe('Results exist already: the request would be answered at once.'),
  })
  .meta({ id: 'Plan' });
