import { SwathError } from '@swath/core';
import type { MultiPolygonGeometry, PolygonGeometry } from '@swath/geo';
import type { Row, RowKey } from '@swath/ports';
import * as z from 'zod';

const padded = (version: number) => String(version).padStart(6, '0');

export const aoiPk = (project: string): string => `AOI#${project}`;
/** The newest version, for listings. */
export const aoiHeadKey = (project: string, id: string): RowKey => ({ pk: aoiPk(project), sk: `HEAD#${id}` });
export const aoiVersionKey = (project: string, id: string, version: number): RowKey => ({
  pk: aoiPk(project),
  sk: `V#${id}#${padded(version)}`,
});

const facts = {
  id: z.string(),
  version: z.int().min(1),
  title: z.string().nullable(),
  areaKm2: z.number(),
  bboxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  updatedAt: z.string(),
};
const head = z.looseObject({ ...facts, createdAt: z.string(), deleted: z.boolean(), hash: z.string() });
const version = z.looseObject({ ...facts, geometry: z.string() });
export type AoiHead = Readonly<z.output<typeof head>>;
export type AoiVersion = Readonly<z.output<typeof version>>;

const parser =
  <T>(schema: z.ZodType<T>) =>
  (row: Row): T => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new SwathError('Corrupt', `Row ${row.pk} ${row.sk} is no area: ${z.prettifyError(parsed.error)}`);
  };

export const parseAoiHead = parser(head);
export const parseAoiVersion = parser(version);

/** The geometry that `parseAoi` made when the row was written. */
export function geometryOf(row: AoiVersion): PolygonGeometry | MultiPolygonGeometry {
  return JSON.parse(row.geometry) as PolygonGeometry | MultiPolygonGeometry;
}
