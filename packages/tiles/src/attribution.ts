/** Words that owners of imagery ask for, by the beginning of the collection's id. */
const owners: readonly (readonly [start: RegExp, words: (years: string) => string])[] = [
  [/^sentinel-/, (years) => `Contains modified Copernicus Sentinel data ${years}`],
  [/^landsat/, () => 'Landsat courtesy of the U.S. Geological Survey'],
  [/^hls/, () => 'HLS courtesy of NASA LP DAAC'],
  [/^(modis|viirs)/, () => 'MODIS and VIIRS courtesy of NASA'],
  [
    /^cop-dem/,
    () => '© DLR e.V. 2010-2014, © Airbus Defence and Space GmbH 2014-2018, provided under COPERNICUS',
  ],
];

/**
 * Attribution of what was made from some collections.
 * @param years of acquisition, `2024` or `2023, 2024`.
 */
export function attributionOf(collections: readonly string[], years: string): string {
  const words = owners.flatMap(([start, say]) =>
    collections.some((id) => start.test(id.toLowerCase())) ? [say(years).trim()] : [],
  );
  return [...words, 'made with Swath'].join('; ');
}
