export const GTIFF_TYPE = 'image/tiff; application=geotiff; profile=cloud-optimized';

/** Formats of save_result, by lower-case name; `jobs` can write GTiff only. */
export const formatNames = { gtiff: 'GTiff', png: 'PNG', json: 'JSON', csv: 'CSV' } as const;
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
    description:
      'In synchronous answers: numbers, lists, and data cubes in the notation of the openEO test documents.',
    gis_data_types: ['raster', 'vector', 'other'],
    parameters: {},
  };
  const csv = {
    title: 'Table',
    description:
      'In synchronous answers: a row for each combination of labels, a column for each dimension and for each band (or "value"); no data is empty.',
    gis_data_types: ['raster', 'vector', 'table'],
    parameters: {},
  };
  const atOnce = computes ? { PNG: png, JSON: json, CSV: csv } : {};
  return { input: {}, output: { GTiff: gtiff, ...atOnce } };
}
