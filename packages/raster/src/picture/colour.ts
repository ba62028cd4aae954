import { RAMPS, type Ramp, type RampName } from './ramps.ts';

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];
/** Lightness 0 to 1, green to red, blue to yellow. Ottosson (2020), "A perceptual color space for image processing". */
export type Oklab = readonly [lightness: number, a: number, b: number];

/** Entries of a ramp's table: one per level of an 8-bit picture. */
export const RAMP_STEPS = 256;

const toLinear = (byte: number) => {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};

const toByte = (linear: number) => {
  const c = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055));
};

export function oklabOf([red, green, blue]: Rgb): Oklab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function rgbOf([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function hexOf(rgb: Rgb): string {
  return `#${rgb.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

type OklabStops = readonly (readonly [position: number, colour: Oklab])[];

const stopsInOklab = new Map<RampName, OklabStops>();

const inOklab = (stops: Ramp['stops']): OklabStops =>
  stops.map(([position, hex]) => [position, oklabOf(parseHex(hex))] as const);

function stopsOf(name: RampName): OklabStops {
  const known = stopsInOklab.get(name);
  if (known !== undefined) return known;
  const stops = inOklab(RAMPS[name].stops);
  stopsInOklab.set(name, stops);
  return stops;
}

function colourBetween(stops: OklabStops, position: number): Rgb {
  const at = Math.min(1, Math.max(0, position));
  const upper = Math.max(
    1,
    stops.findIndex(([stop]) => stop >= at),
  );
  const [from, start] = stops[upper - 1]!;
  const [to, end] = stops[upper]!;
  const part = (at - from) / (to - from);
  const mix = (i: 0 | 1 | 2) => start[i] + (end[i] - start[i]) * part;
  return rgbOf([mix(0), mix(1), mix(2)]);
}

/** Colour at a position from 0 to 1; positions outside take the end's colour. */
export function colourAt(name: RampName, position: number): Rgb {
  return colourBetween(stopsOf(name), position);
}

/** The ramp as 256 RGB triples. */
export function rampTable(name: RampName): Uint8Array {
  return tableOf(stopsOf(name));
}

/** Any stops, the first at 0 and the last at 1, as 256 RGB triples. */
export function stopTable(stops: Ramp['stops']): Uint8Array {
  return tableOf(inOklab(stops));
}

function tableOf(stops: OklabStops): Uint8Array {
  const table = new Uint8Array(RAMP_STEPS * 3);
  for (let i = 0; i < RAMP_STEPS; i++) table.set(colourBetween(stops, i / (RAMP_STEPS - 1)), i * 3);
  return table;
}
