import * as z from 'zod';
import { link } from './common.ts';

const bbox = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const summary = {
  id: z.string(),
  version: z.int().describe('Rises by one with each change of the geometry.'),
  title: z.string().nullable(),
  areaKm2: z.number(),
  bboxes: z.array(bbox).describe('[west, south, east, north]; two where the area crosses the antimeridian.'),
  updatedAt: z.string().describe('RFC 3339 instant of this version.'),
};

export const aoiSummary = z.object(summary).meta({ id: 'AreaSummary' });

export const aoiView = z
  .object({
    ...summary,
    geometry: z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) }),
  })
  .meta({ id: 'Area' });

export const aoiList = z.object({ aois: z.array(aoiSummary), links: z.array(link) }).meta({ id: 'AreaList' });

export const aoiBody = z
  .object({
    area: z
      .union([bbox, z.looseObject({ type: z.string() })])
      .describe(
        'GeoJSON Polygon or MultiPolygon (also as Feature), or [west, south, east, north] in degrees.',
      ),
    title: z.string().min(1).max(200).optional(),
  })
  .meta({ id: 'AreaInput' });
