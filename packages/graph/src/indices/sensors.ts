/** A band of a sensor: its own name, and its centre wavelength in nanometres (null: none, as with radar). */
type SensorBand = readonly [id: string, centreNm: number | null];

/**
 * Bands of sensors by the names that formulas use. Sources: the sensors' handbooks (Sentinel-2: unit A; Landsat 7 for
 * TM and ETM+, whose centres differ by 5 nm at most). Landsat 8 and 9 have one near infrared, which serves as both.
 */
export const sensorBands = {
  'sentinel-2': {
    coastal: ['B01', 442.7],
    blue: ['B02', 492.4],
    green: ['B03', 559.8],
    red: ['B04', 664.6],
    rededge1: ['B05', 704.1],
    rededge2: ['B06', 740.5],
    rededge3: ['B07', 782.8],
    nir: ['B08', 832.8],
    nir08: ['B8A', 864.7],
    nir09: ['B09', 945.1],
    swir16: ['B11', 1613.7],
    swir22: ['B12', 2202.4],
  },
  'landsat-oli': {
    coastal: ['B1', 440],
    blue: ['B2', 480],
    green: ['B3', 560],
    red: ['B4', 655],
    nir: ['B5', 865],
    nir08: ['B5', 865],
    swir16: ['B6', 1610],
    swir22: ['B7', 2200],
    lwir: ['B10', 10_895],
    lwir11: ['B10', 10_895],
    lwir12: ['B11', 12_005],
  },
  'landsat-tm': {
    blue: ['B1', 485],
    green: ['B2', 560],
    red: ['B3', 660],
    nir: ['B4', 835],
    swir16: ['B5', 1650],
    swir22: ['B7', 2220],
    lwir: ['B6', 11_450],
  },
  modis: {
    blue: ['B3', 469],
    green: ['B4', 555],
    green05: ['B11', 531],
    red: ['B1', 645],
    nir: ['B2', 858.5],
    nir08: ['B2', 858.5],
    swir16: ['B6', 1640],
    swir22: ['B7', 2130],
  },
  planetscope: {
    coastal: ['B1', 441.5],
    blue: ['B2', 490],
    green05: ['B3', 531],
    green: ['B4', 565],
    yellow: ['B5', 610],
    red: ['B6', 665],
    rededge1: ['B7', 705],
    nir: ['B8', 865],
    nir08: ['B8', 865],
  },
  worldview: {
    coastal: ['B1', 425],
    blue: ['B2', 480],
    green: ['B3', 545],
    yellow: ['B4', 605],
    red: ['B5', 660],
    nir: ['B7', 832.5],
  },
  'sentinel-1': { vv: ['VV', null], vh: ['VH', null], hh: ['HH', null], hv: ['HV', null] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, SensorBand>>>>;

export type SpectralSensor = keyof typeof sensorBands;
export const spectralSensors = Object.keys(sensorBands) as readonly SpectralSensor[];

const bandOf = (sensor: SpectralSensor, band: string): SensorBand | undefined => {
  const bands: Readonly<Record<string, SensorBand>> = sensorBands[sensor];
  return Object.hasOwn(bands, band) ? bands[band] : undefined;
};

/** Centre wavelength of a band, nanometres; undefined where the sensor has no such band. */
export function centreNm(sensor: SpectralSensor, band: string): number | undefined {
  return bandOf(sensor, band)?.[1] ?? undefined;
}

/** The sensors that have all these bands, with their own names of them. */
export function sensorsWith(
  bands: readonly string[],
): Partial<Record<SpectralSensor, Readonly<Record<string, string>>>> {
  const found: Partial<Record<SpectralSensor, Record<string, string>>> = {};
  for (const sensor of spectralSensors) {
    const ids = bands.map((band) => bandOf(sensor, band)?.[0]);
    if (ids.some((id) => id === undefined)) continue;
    found[sensor] = Object.fromEntries(bands.map((band, i) => [band, ids[i] ?? band]));
  }
  return found;
}

/**
 * Which of these sensors made a scene, by its platform (`sentinel-2b`, `landsat-8`, `LANDSAT_7`, `terra`), in any
 * spelling. Undefined for others.
 */
export function sensorOfPlatform(platform: string | undefined): SpectralSensor | undefined {
  const text = (platform ?? '').toLowerCase().replaceAll(/[\s_-]/g, '');
  if (text.startsWith('sentinel2')) return 'sentinel-2';
  if (text.startsWith('sentinel1')) return 'sentinel-1';
  if (/^landsat[89]$/.test(text)) return 'landsat-oli';
  if (/^landsat[4-7]$/.test(text)) return 'landsat-tm';
  if (text === 'terra' || text === 'aqua') return 'modis';
  if (/^worldview0?[23]$/.test(text)) return 'worldview';
  return undefined;
}
