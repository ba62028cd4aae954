import type { PixelWindow } from '@swath/geo';
import { createField, type Field, noiseAt } from './field.ts';

/** What decides the pixels of one invented acquisition. */
export interface SceneOptions {
  /** Side in 10 m pixels, even. */
  readonly size: number;
  /** Clouds and noise differ from date to date, the land does not. */
  readonly date: number;
  /** Share of the picture under thick cloud, 0 to 1. */
  readonly cloudShare: number;
  /** Clouds thicken to the south by this many deviations of their field: a weather front. @default 0 */
  readonly front?: number;
}

export type BandName = 'B02' | 'B04' | 'B08';

/** Digital numbers: mean, part of the vegetation, part of the soil, deviation of the noise. */
const bandLook: Readonly<Record<BandName, { mean: number; plants: number; soil: number; noise: number }>> = {
  B02: { mean: 1700, plants: -260, soil: 40, noise: 45 },
  B04: { mean: 1900, plants: -420, soil: 60, noise: 60 },
  B08: { mean: 3900, plants: 700, soil: 160, noise: 75 },
};

/** Thick cloud: bright, with a third of the ground showing through. */
const CLOUD = { brightness: 6500, texture: 500, ground: 0.3 };

/** Legs of the triangle in the north-west that the swath missed, as shares of the side: 0.6 * 0.3 / 2 = 9 %. */
const NODATA_WIDTH = 0.6;
const NODATA_HEIGHT = 0.3;

/** A shadow lies 400 m south and 600 m east of its cloud (20 m pixels). */
const SHADOW = { rows: 20, columns: 30 };

/** Of the picture, beside the clouds: thin rim (class 10) and the brightest part (class 9) of them. */
const RIM_SHARE = 0.04;
const BRIGHT_PART = 0.4;

/** Steps of the parcels and how far the finest sensor blur reaches: one pixel to each side. */
const PARCEL_STEP = 0.5;
const BLUR_SIDE = 0.2;

const SCL = { nodata: 0, shadow: 3, vegetation: 4, bare: 5, water: 6, cloud: 8, cloudHigh: 9, rim: 10 };

export interface Landscape {
  /** 10 m digital numbers, NaN = nodata. */
  readonly band: (name: BandName, window: PixelWindow) => Float32Array;
  /** 20 m scene classification, NaN = nodata; the window is in 20 m pixels. */
  readonly classes: (window: PixelWindow) => Float32Array;
}

/**
 * An invented Sentinel-2 acquisition that compresses like a real one: land of 1/f^2.6 texture, parcels with sharp
 * edges, clouds with shadows, and sensor noise partly blurred along the row.
 */
export function createLandscape({ size, date, cloudShare, front = 0 }: SceneOptions): Landscape {
  // Four of the longest waves across the picture: enough of them that every size gets the usual mixture.
  const wavelengthMax = 2 ** Math.floor(Math.log2(size / 4));
  const plantsField = createField({ seed: 11, wavelengthMax, beta: 2.6 });
  const soilField = createField({ seed: 29, wavelengthMax, beta: 2.6 });
  const cloudField = createField({ seed: 1000 + date * 7919, wavelengthMax: wavelengthMax / 2, beta: 3.2 });
  const clouds = cloudLevels(thickening(cloudField, (2 * front) / size), size / 2, cloudShare);
  const plantsOf = (a: number, b: number) => clamp(Math.floor(a / PARCEL_STEP) * 0.25 + 0.55 * b, -2, 2);
  const missing = (x: number, y: number) =>
    x / (size * NODATA_WIDTH) + y / (size * NODATA_HEIGHT) < 1 - 1 / size;

  function band(name: BandName, window: PixelWindow): Float32Array {
    const { mean, plants, soil, noise } = bandLook[name];
    const seed = date * 31 + name.charCodeAt(2);
    const out = new Float32Array(window.width * window.height);
    const wide = window.width + 2; // One more to each side, for the blur.
    const [a, b, raw] = [new Float32Array(wide), new Float32Array(wide), new Float32Array(wide)];
    const cloud = new Float32Array(Math.floor(wide / 2) + 2);
    for (let row = 0; row < window.height; row++) {
      const y = window.y + row;
      plantsField.row(window.x - 1, y, 1, a);
      soilField.row(window.x - 1, y, 1, b);
      clouds.field.row(window.x >> 1, y >> 1, 1, cloud);
      for (let i = 0; i < wide; i++) {
        const grain = noise * noiseAt(window.x - 1 + i, y, seed);
        raw[i] = mean + plants * plantsOf(a[i]!, b[i]!) + soil * b[i]! + grain;
      }
      for (let i = 0; i < window.width; i++) {
        const x = window.x + i;
        const blurred = raw[i]! * BLUR_SIDE + raw[i + 1]! * (1 - 2 * BLUR_SIDE) + raw[i + 2]! * BLUR_SIDE;
        let value = blurred + 0.35 * noise * noiseAt(x, y, seed + 1);
        if (cloud[(x >> 1) - (window.x >> 1)]! > clouds.thick) {
          value = value * CLOUD.ground + CLOUD.brightness + CLOUD.texture * a[i + 1]!;
        }
        const dn = clamp(Math.round(value), 1, 20_000);
        out[row * window.width + i] = missing(x, y) ? Number.NaN : dn;
      }
    }
    return out;
  }

  function classes(window: PixelWindow): Float32Array {
    const { width } = window;
    const out = new Float32Array(width * window.height);
    const [a, b] = [new Float32Array(width), new Float32Array(width)];
    const [here, sunwards] = [new Float32Array(width), new Float32Array(width)];
    for (let row = 0; row < window.height; row++) {
      const y = window.y + row;
      plantsField.row(window.x * 2, y * 2, 2, a);
      soilField.row(window.x * 2, y * 2, 2, b);
      clouds.field.row(window.x, y, 1, here);
      clouds.field.row(window.x - SHADOW.columns, y - SHADOW.rows, 1, sunwards);
      for (let i = 0; i < width; i++) {
        let value = plantsOf(a[i]!, b[i]!) > 0 ? SCL.vegetation : SCL.bare;
        if (b[i]! < -2) value = SCL.water;
        if (sunwards[i]! > clouds.thick) value = SCL.shadow;
        if (here[i]! > clouds.rim) value = SCL.rim;
        if (here[i]! > clouds.thick) value = here[i]! > clouds.bright ? SCL.cloudHigh : SCL.cloud;
        out[row * width + i] = missing((window.x + i) * 2, y * 2) ? Number.NaN : value;
      }
    }
    return out;
  }

  return { band, classes };
}

/** The field plus a slope to the south, per row. */
function thickening(field: Field, perRow: number): Field {
  if (perRow === 0) return field;
  return {
    row(x0, y, step, out) {
      field.row(x0, y, step, out);
      for (let i = 0; i < out.length; i++) out[i] = out[i]! + y * perRow;
    },
  };
}

/** Thresholds of the cloud field that give the shares asked for, from the quantiles of a coarse look at it. */
function cloudLevels(field: Field, side: number, share: number) {
  const step = Math.max(1, Math.floor(side / 256));
  const row = new Float32Array(Math.floor(side / step));
  const seen: number[] = [];
  for (let y = 0; y < side; y += step) {
    field.row(0, y, step, row);
    seen.push(...row);
  }
  seen.sort((p, q) => q - p);
  const above = (part: number) => (part <= 0 ? Infinity : (seen[Math.floor(part * (seen.length - 1))] ?? 0));
  const rim = share === 0 ? 0 : Math.min(1, share + RIM_SHARE);
  return { field, thick: above(share), rim: above(rim), bright: above(share * BRIGHT_PART) };
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
