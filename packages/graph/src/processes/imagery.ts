import type { Process } from '../registry/definition.ts';
import { optional, required } from '../registry/definition.ts';
import { aBoolean, aCube, geoJson, type Schema, textList } from '../registry/schema.ts';
import { boundingBox, interval } from './cubes/extents.ts';

const nullable = (schema: Schema): readonly Schema[] => [schema, { type: 'null' }];

const loadCollection: Process = {
  id: 'load_collection',
  summary: 'Imagery of a collection',
  description: 'All scenes of a collection in an area and a span of time, with the named bands.',
  categories: ['cubes', 'import'],
  parameters: [
    required('id', 'Id of the collection.', { type: 'string', subtype: 'collection-id' }),
    required('spatial_extent', 'Where: a bounding box, or polygons as GeoJSON.', [
      boundingBox,
      geoJson,
      { type: 'null' },
    ]),
    required(
      'temporal_extent',
      'When: start and end, the end not included; null for open.',
      nullable(interval),
    ),
    optional('bands', 'Names of bands, in the order wanted; null for all.', nullable(textList), null),
    optional(
      'properties',
      'Conditions on the metadata of scenes, by the name of the property.',
      nullable({ type: 'object' }),
      null,
    ),
  ],
  returns: { description: 'A data cube with x, y, t and bands.', schema: aCube },
  exceptions: [],
};

const loadStac: Process = {
  id: 'load_stac',
  summary: 'Imagery of a STAC catalogue',
  description:
    'All scenes of a collection of this API by its URL, as load_collection; or one STAC Item elsewhere. Other catalogues are registered as providers, whose collections GET /collections lists.',
  categories: ['cubes', 'import'],
  parameters: [
    required('url', 'URL of a collection of this API, or of a STAC Item.', { type: 'string', format: 'uri' }),
    optional(
      'spatial_extent',
      'Where: a bounding box, or polygons as GeoJSON.',
      [boundingBox, geoJson, { type: 'null' }],
      null,
    ),
    optional(
      'temporal_extent',
      'When: start and end, the end not included; null for open.',
      nullable(interval),
      null,
    ),
    optional('bands', 'Names of bands, in the order wanted; null for all.', nullable(textList), null),
    optional(
      'properties',
      'Conditions on the metadata of scenes, by the name of the property.',
      nullable({ type: 'object' }),
      null,
    ),
  ],
  returns: { description: 'A data cube with x, y, t and bands.', schema: aCube },
  exceptions: [],
  experimental: true,
};

const saveResult: Process = {
  id: 'save_result',
  summary: 'Keep the result',
  description: 'As files of a format that /file_formats lists.',
  categories: ['cubes', 'export'],
  parameters: [
    required('data', 'The data cube.', aCube),
    required('format', 'Name of the format, in any case.', { type: 'string', subtype: 'output-format' }),
    optional('options', 'Of the format.', { type: 'object', subtype: 'output-format-options' }, {}),
  ],
  returns: { description: 'True when it is kept.', schema: aBoolean },
  exceptions: [],
};

/** Processes that need imagery or storage: graphs may use them, and run in jobs. */
export const imageryProcesses: readonly Process[] = [loadCollection, loadStac, saveResult];
