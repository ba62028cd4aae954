import type { Landscape } from './landscape.ts';
import { bell, fractal, smoothstep } from './noise.ts';
import { cover, flowering, greenness, type SampleBand, sampleBands, spectra, strawShare } from './spectra.ts';

/** One acquisition of the sample. */
export interface SampleDate {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Share of the sky the cloud field fills, 0 to 1, about. */
  readonly clouds: number;
  /** The swath ends here: true leaves a slanted nodata edge in the east. */
  readonly edge: boolean;
  /** Reflectance multiplier and haze of the day. */
  readonly haze: number;
}

export const sampleDates: readonly SampleDate[] = [
  { date: '2024-03-14', clouds: 0.1, edge: false, haze: 0.004 },
  { date: '2024-04-18', clouds: 0.3, edge: false, haze: 0.006 },
  { date: '2024-05-08', clouds: 0.0, edge: true, haze: 0.002 },
  { date: '2024-06-07', clouds: 0.22, edge: false, haze: 0.004 },
  { date: '2024-06-27', clouds: 0.86, edge: false, haze: 0.01 },
  { date: '2024-07-22', clouds: 0.05, edge: false, haze: 0.003 },
  { date: '2024-08-21', clouds: 0.16, edge: true, haze: 0.005 },
  { date: '2024-09-25', clouds: 0.4, edge: false, haze: 0.006 },
  { date: '2024-10-30', clouds: 0.08, edge: false, haze: 0.004 },
];

/** Scene classification of Sentinel-2 Level-2A. */
const scl = {
  nodata: 0,
  shadow: 3,
  vegetation: 4,
  bare: 5,
  water: 6,
  cloudMedium: 8,
  cloudHigh: 9,
  cirrus: 10,
};

export interface SampleScene {
  /** Reflectance at 10 m or 20 m by band; NaN = nodata. */
  readonly bands: Readonly<Record<SampleBand, Float32Array>>;
  /** 20 m, values of SCL. */
  readonly scl: Float32Array;
  /** Share of the pixels with data under cloud, cirrus or shadow. */
  readonly cloudCoverPercent: number;
  readonly nodataPercent: number;
}

/** Cloud opacity 0 to 1 of a whole scene at 10 m. */
function cloudField(land: Landscape, share: number, seed: number): Float32Array {
  const field = new Float32Array(land.width * land.height);
  if (share <= 0) return field;
  // Fractal noise of five octaves is roughly normal around 0.5 with a deviation of 0.11: this places its quantile.
  const low = 0.5 + 0.28 * (0.5 - share);
  for (let y = 0; y < land.height; y++) {
    for (let x = 0; x < land.width; x++) {
      field[y * land.width + x] = smoothstep(low, low + 0.09, fractal(x / 330, y / 330, seed, 5));
    }
  }
  return field;
}

/** Column at which the swath ends in a row (pixels). */
function swathEnd(width: number, y: number): number {
  return width * 0.93 - y * 0.17;
}

/** Reflectance spectrum of the ground at pixel `i` on a day of the year, written to `out` in band order. */
function groundSpectrum(land: Landscape, i: number, day: number, out: Float64Array): void {
  const type = land.cover[i] ?? 0;
  const vigour = land.vigour[i] ?? 1;
  const soil = land.soil[i] ?? 1;
  const bloom = flowering(type, day + (land.lead[i] ?? 0));
  const green =
    type === cover.water ? 0 : Math.min(0.97, greenness(type, day + (land.lead[i] ?? 0)) * vigour);
  const straw = (1 - green) * strawShare(type, day + (land.lead[i] ?? 0));
  const bare = 1 - green - straw;
  const leaf = type === cover.conifer ? spectra.needles : spectra.leaf;
  const ground = type === cover.town ? spectra.built : spectra.soil;
  for (let b = 0; b < sampleBands.length; b++) {
    const key = (sampleBands[b] as (typeof sampleBands)[number]).key;
    const plants = leaf[key] * (1 - bloom) + spectra.flowers[key] * bloom;
    out[b] =
      type === cover.water
        ? spectra.water[key] * (0.8 + 0.4 * soil)
        : green * plants + straw * spectra.straw[key] + bare * ground[key] * soil;
  }
}

/** Day of the year of YYYY-MM-DD. */
function dayOfYear(date: string): number {
  return (
    (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${date.slice(0, 4)}-01-01T00:00:00Z`)) / 86_400_000 + 1
  );
}

/** Sensor noise, mean 0, deviation about 1: one table for all bands and dates, read at different places. */
const speckle = Float32Array.from({ length: 512 * 512 }, (_, i) => bell(i & 511, i >> 9, 4711));

/** Renders one acquisition: ground, shadows, clouds, sensor noise, nodata edge. */
export function renderScene(land: Landscape, when: SampleDate, index: number): SampleScene {
  const { width, height } = land;
  const clouds = cloudField(land, when.clouds, 1000 + index * 37);
  const day = dayOfYear(when.date);
  // The sun stands in the south-east at this hour: shadows fall to the north-west, longer in spring and autumn.
  const shadowX = -Math.round(16 + 10 * Math.abs(Math.cos(((day - 80) / 365) * Math.PI)));
  const shadowY = -Math.round(22 + 16 * Math.abs(Math.sin(((day - 172) / 365) * Math.PI)));
  const full = sampleBands.map(() => new Float32Array(width * height));
  const shadow = new Float32Array(width * height);
  const spectrum = new Float64Array(sampleBands.length);
  for (let y = 0; y < height; y++) {
    const end = when.edge ? swathEnd(width, y) : width;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const sx = Math.min(width - 1, Math.max(0, x - shadowX));
      const sy = Math.min(height - 1, Math.max(0, y - shadowY));
      const opacity = clouds[i] ?? 0;
      const dark = (clouds[sy * width + sx] ?? 0) * (1 - opacity);
      shadow[i] = dark;
      groundSpectrum(land, i, day, spectrum);
      for (let b = 0; b < full.length; b++) {
        const key = (sampleBands[b] as (typeof sampleBands)[number]).key;
        const haze = when.haze * (0.7 / (sampleBands[b] as (typeof sampleBands)[number]).wavelengthUm);
        const lit = (spectrum[b] ?? 0) * (1 - 0.62 * dark) + haze;
        const value = lit * (1 - opacity) + spectra.cloud[key] * (0.75 + 0.35 * opacity) * opacity;
        const noise =
          1 + 0.006 * (speckle[((y + 61 * b) & 511) * 512 + ((x + 197 * (index + b)) & 511)] ?? 0);
        (full[b] as Float32Array)[i] = x < end ? Math.max(0.0001, value * noise) : Number.NaN;
      }
    }
  }
  return {
    ...reduceTo20m(land, full),
    ...classify(land, when, clouds, shadow, full[3] as Float32Array, full[2] as Float32Array),
  };
}

function reduceTo20m(land: Landscape, full: readonly Float32Array[]): Pick<SampleScene, 'bands'> {
  const entries = sampleBands.map((band, b) => {
    const source = full[b] as Float32Array;
    return [band.key, band.resolutionM === 10 ? source : halve(source, land.width, land.height)] as const;
  });
  return { bands: Object.fromEntries(entries) as Record<SampleBand, Float32Array> };
}

/** Mean of 2 x 2; NaN when one of them is. */
function halve(source: Float32Array, width: number, height: number): Float32Array {
  const columns = width / 2;
  const half = new Float32Array(columns * (height / 2));
  for (let y = 0; y < height / 2; y++) {
    for (let x = 0; x < columns; x++) {
      const i = 2 * y * width + 2 * x;
      half[y * columns + x] =
        ((source[i] ?? 0) + (source[i + 1] ?? 0) + (source[i + width] ?? 0) + (source[i + width + 1] ?? 0)) /
        4;
    }
  }
  return half;
}

function classify(
  land: Landscape,
  when: SampleDate,
  clouds: Float32Array,
  shadow: Float32Array,
  nir: Float32Array,
  red: Float32Array,
): Pick<SampleScene, 'scl' | 'cloudCoverPercent' | 'nodataPercent'> {
  const columns = land.width / 2;
  const rows = land.height / 2;
  const classes = new Float32Array(columns * rows);
  let missing = 0;
  let covered = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const i = 2 * y * land.width + 2 * x;
      const opacity = Math.max(clouds[i] ?? 0, clouds[i + land.width + 1] ?? 0);
      const ndvi = ((nir[i] ?? 0) - (red[i] ?? 0)) / ((nir[i] ?? 0) + (red[i] ?? 0));
      let value = scl.bare;
      if (when.edge && 2 * x + 1 >= swathEnd(land.width, 2 * y)) value = scl.nodata;
      else if (opacity > 0.75) value = scl.cloudHigh;
      else if (opacity > 0.4) value = scl.cloudMedium;
      else if (opacity > 0.04) value = scl.cirrus;
      else if ((shadow[i] ?? 0) > 0.12) value = scl.shadow;
      else if (land.cover[i] === cover.water) value = scl.water;
      else if (ndvi > 0.4) value = scl.vegetation;
      classes[y * columns + x] = value;
      if (value === scl.nodata) missing++;
      else if (value === scl.shadow || value >= scl.cloudMedium) covered++;
    }
  }
  return {
    scl: classes,
    cloudCoverPercent: Math.round((10_000 * covered) / Math.max(1, columns * rows - missing)) / 100,
    nodataPercent: Math.round((10_000 * missing) / (columns * rows)) / 100,
  };
}
