import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import { requestSpec } from '@swath/requests';
import * as z from 'zod';
import { bandStatistics } from '../schemas/product.ts';

/** What pictures need of a result's Item. */
const itemDocument = z.object({
  properties: z.object({
    title: z.string().optional(),
    datetime: z.string().nullable().optional(),
    start_datetime: z.string().optional(),
    end_datetime: z.string().optional(),
    'processing:expression': z.object({ expression: z.unknown() }).optional(),
    'swath:radiometry': z.array(z.object({ collection: z.string() })).default([]),
  }),
  assets: z.object({
    data: z.object({
      href: z.string().regex(/^\.\/[A-Za-z0-9_.-]{1,128}$/),
      'eo:bands': z.array(z.object({ name: z.string() })).min(1),
    }),
  }),
});

const statisticsDocument = z.object({ bands: z.record(z.string(), bandStatistics) });

export type ResultItem = z.output<typeof itemDocument>;
export type ResultStatistics = z.output<typeof statisticsDocument>['bands'];

async function readDocument<T>(objects: Objects, key: string, schema: z.ZodType<T>): Promise<T> {
  const text = new TextDecoder().decode(await objects.get(key));
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SwathError('Corrupt', 'A document of the result is not what publishing writes.', { cause });
  }
}

/** @throws SwathError NotFound, Corrupt. */
export const readItem = (objects: Objects, folder: string): Promise<ResultItem> =>
  readDocument(objects, `${folder}item.json`, itemDocument);

/** @throws SwathError NotFound, Corrupt. */
export async function readStatistics(objects: Objects, folder: string): Promise<ResultStatistics> {
  return (await readDocument(objects, `${folder}statistics.json`, statisticsDocument)).bands;
}

/** The pipeline that made a result, as far as this version knows such pipelines. */
export function pipelineOf(item: ResultItem) {
  return requestSpec.shape.pipeline.safeParse(item.properties['processing:expression']?.expression).data;
}

/** Years of acquisition, `2024` or `2023, 2024`. */
export function yearsOf({ properties }: ResultItem): string {
  const { datetime, start_datetime: start, end_datetime: end } = properties;
  const years = [start ?? datetime, end ?? datetime].flatMap((time) => time?.slice(0, 4) ?? []);
  return [...new Set(years)].join(', ');
}
