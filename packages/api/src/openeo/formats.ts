export const GTIFF_TYPE = 'image/tiff; application=geotiff; profile=cloud-optimized';

/** Formats of save_result, by lower-case name. */
export const formatNames = {
  gtiff: 'GTiff',
  png: 'PNG',
  json: 'JSON',
  csv: 'CSV',
  geojson: 'GeoJSON',
  parquet: 'Parquet',
} as const;
export type FormatName = (typeof formatNames)[keyof typeof formatNames];

/** @returns undefined for a format that is not offered here. */
export function formatNamed(name: string): FormatName | undefined {
  const key = name.toLowerCase();
  const isKnown = (text: string): text is keyof typeof formatNames => Object.hasOwn(formatNames, text);
  return isKnown(key) ? formatNames[key] : undefined;
}

/** `GET /file_formats`. */
/** @param computes whether results are computed at once, and not by jobs only. */
export function fileFormats({ computes }: { readonly computes: boolean }): {
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
} {
  const gtiff = {
    title: 'Cloud Optimized GeoTIFF',
    description:
      'float32, NaN is no data. A job writes one file for each date, or one for all when time is reduced; a synchronous answer is one file, of one date.',
    gis_data_types: ['raster'],
    parameters: {},
  };
  const png = {
    title: 'Picture',
    description:
      'For looking at, in synchronous answers: one band in colours or three as red, green and blue, stretched over their values.',
    gis_data_types: ['raster'],
    parameters: {},
  };
  const json = {
    title: 'JSON',
    description: `Of aggregate_spatial: by date a list of geometries, each with the values of its bands, as timeseries_json_to_pandas of the Python client reads it; the list alone when time is reduced.${computes ? ' In synchronous answers also numbers, lists, and other data cubes in the notation of the openEO test documents.' : ''}`,
    gis_data_types: ['vector', 'table', ...(computes ? ['raster', 'other'] : [])],
    parameters: {},
  };
  const csv = {
    title: 'Table',
    description: `Of aggregate_spatial: a row for each date and geometry; columns date, feature_index (from 0), feature_id where Features have ids, then one for each band (or "value").${computes ? ' In synchronous answers also other data cubes: a row for each combination of labels.' : ''} No data is empty.`,
    gis_data_types: ['vector', 'table', ...(computes ? ['raster'] : [])],
    parameters: {},
  };
  const geojson = {
    title: 'GeoJSON',
    description:
      'Of aggregate_spatial: a Feature for each geometry; its properties are feature_index and the values, called <date>~<band>.',
    gis_data_types: ['vector'],
    parameters: {},
  };
  const parquet = {
    title: 'GeoParquet',
    description: 'Of aggregate_spatial: the columns of the table, and the geometry as WKB.',
    gis_data_types: ['vector', 'table'],
    parameters: {},
  };
  const tables = { JSON: json, CSV: csv, GeoJSON: geojson, Parquet: parquet };
  return { input: {}, output: { GTiff: gtiff, ...(computes ? { PNG: png } : {}), ...tables } };
}
