import type { JsonObject } from '../store/types.ts';

const text = (title: string) => ({ title, type: 'string' });
const time = (title: string) => ({ title, type: 'string', format: 'date-time' });
const number = (title: string, more: JsonObject = {}) => ({ title, type: 'number', ...more });

/** What Items of any collection here may have. Other properties can be named, too: where one is missing it is null. */
const common: JsonObject = {
  id: text('Id of the Item'),
  collection: text('Id of the collection'),
  geometry: { title: 'Footprint', $ref: 'https://geojson.org/schema/Geometry.json' },
  datetime: time('Acquisition; of a composite its interval'),
  'eo:cloud_cover': number('Cloud cover, percent', { minimum: 0, maximum: 100 }),
  platform: text('Platform'),
  constellation: text('Constellation'),
  'proj:code': text('Projection, such as EPSG:32631'),
  'proj:epsg': { title: 'EPSG code of the projection', type: 'integer' },
};

const ofResults: JsonObject = {
  start_datetime: time('First acquisition of a composite'),
  end_datetime: time('Last acquisition of a composite'),
  created: time('When it was published'),
  updated: time('When it was last written'),
  title: text('Name of the request'),
  'processing:lineage': text('How it was made'),
  'swath:request': text('Id of a request that made it'),
};

const ofProviders: JsonObject = {
  'swath:provider': text('Id of the provider'),
  'swath:version': text('Version of the Item with the provider'),
};

/** JSON Schema of what a filter may name (OGC API Features part 3). */
export function queryablesDocument(
  href: string,
  kind: 'own' | 'provider' | 'all',
  title: string,
): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2019-09/schema',
    $id: href,
    type: 'object',
    title,
    properties: {
      ...common,
      ...(kind === 'provider' ? {} : ofResults),
      ...(kind === 'own' ? {} : ofProviders),
    },
    additionalProperties: true,
  };
}
