/** Sensor families whose band names and quality layers Swath knows. */
export type Sensor = 'sentinel-2' | 'landsat' | 'hls' | 'other';

export interface SensorHints {
  readonly collection: string;
  readonly id: string;
  readonly platform?: string;
  readonly constellation?: string;
}

/**
 * The sensor family of a scene, from whatever its Item says: platform and constellation are spelled freely in the
 * wild (`Sentinel-2B`, `sentinel-2b`, `LANDSAT_8`), older Items have neither.
 */
export function sensorOf(hints: SensorHints): Sensor {
  const text = (value: string | undefined) => (value ?? '').toLowerCase().replaceAll(/[\s_]/g, '-');
  const collection = text(hints.collection);
  const id = text(hints.id);
  if (/^hls/.test(collection) || /^hls\./.test(id)) return 'hls';
  const platform = `${text(hints.platform)} ${text(hints.constellation)}`;
  if (/sentinel-?2/.test(platform) || /sentinel-?2|sentinel-s2/.test(collection)) return 'sentinel-2';
  if (/landsat/.test(platform) || /landsat/.test(collection)) return 'landsat';
  if (/^s2[abcd]-/.test(id)) return 'sentinel-2';
  if (/^l[cteom]0\d-/.test(id)) return 'landsat';
  return 'other';
}

/** Sentinel-2 MSI: band id, its names at Earth Search and in the eo extension (1.x and 2.0). */
export const sentinel2Bands: readonly (readonly [id: string, ...names: readonly string[]])[] = [
  ['b01', 'coastal'],
  ['b02', 'blue'],
  ['b03', 'green'],
  ['b04', 'red'],
  ['b05', 'rededge1', 'rededge071'],
  ['b06', 'rededge2', 'rededge075'],
  ['b07', 'rededge3', 'rededge078'],
  ['b08', 'nir'],
  ['b8a', 'nir08'],
  ['b09', 'nir09'],
  ['b10', 'cirrus'],
  ['b11', 'swir16'],
  ['b12', 'swir22'],
];

/** Common names by centre wavelength in micrometres, [from, to). Ranges of the eo extension, narrowed until disjoint. */
const wavelengths: readonly (readonly [from: number, to: number, name: string])[] = [
  [0.4, 0.455, 'coastal'],
  [0.455, 0.52, 'blue'],
  [0.52, 0.58, 'green'],
  [0.62, 0.69, 'red'],
  [0.69, 0.795, 'rededge'],
  [0.795, 0.85, 'nir'],
  [0.85, 0.89, 'nir08'],
  [0.93, 0.96, 'nir09'],
  [1.35, 1.4, 'cirrus'],
  [1.55, 1.75, 'swir16'],
  [2.08, 2.35, 'swir22'],
  [10.4, 11.4, 'lwir11'],
  [11.5, 12.5, 'lwir12'],
];

/**
 * Widest band that a centre wavelength can name: a panchromatic band centred on 0.6 micrometres is no `red`.
 * Landsat's broadest named band (lwir, 2.1) is told apart by its place far out in the infrared.
 */
const maxWidthUm = 0.2;

/** Common name of a band that has none. Wavelengths in micrometres. */
export function nameByWavelength(centreUm: number, widthUm: number | undefined): string | undefined {
  if (widthUm !== undefined && widthUm > maxWidthUm && centreUm < 10) return undefined;
  return wavelengths.find(([from, to]) => centreUm >= from && centreUm < to)?.[2];
}

/** Band ids in file names: `LC08_..._SR_B4.TIF`, `B04.tif`, `T33XWJ_20220413T150759_B02_10m.tif`. */
const fileBand = /(?:^|_)((?:SR_|ST_)?B(?:\d{1,2}|8A))(?:_\d{2,3}m)?(?:\.(?:tiff?|jp2))?$/i;

/** A key or band name that is itself a band id: `B4`, `SR_B4.TIF`, `OLI_B4`, `B04_10m`. */
export function bandIdIn(text: string): string | undefined {
  return fileBand.exec(text)?.[1]?.toLowerCase();
}

/** All spellings of a band id: `sr_b4` gives sr_b4, b4, b04; `b08` gives b08, b8. */
export function spellings(bandId: string): readonly string[] {
  const bare = bandId.replace(/^s[rt]_/, '');
  const number = /^b0?(\d{1,2})$/.exec(bare)?.[1];
  const all =
    number === undefined ? [bandId, bare] : [bandId, bare, `b${number}`, `b${number.padStart(2, '0')}`];
  return [...new Set(all)];
}
