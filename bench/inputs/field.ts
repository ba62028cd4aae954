/**
 * Seeded random fields, computed row by row from hashes: a pixel's value depends on its place and the seed only, so a
 * picture of any size needs no memory and comes out the same in any order.
 */

/** Two rounds of multiply and xor-shift over a place: 32 well mixed bits. */
export function hashAt(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(seed, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Standard deviation of the sum of four independent bytes: sqrt(4 * (256^2 - 1) / 12); its mean is 510. */
const FOUR_BYTES_STD = 147.8;

/** Sensor noise: about normal, mean 0, deviation 1. The bytes of one hash, added (Irwin-Hall of four). */
export function noiseAt(x: number, y: number, seed: number): number {
  const h = hashAt(x, y, seed);
  return ((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / FOUR_BYTES_STD;
}

/** A field of mean 0 and deviation about 1. */
export interface Field {
  /** Values at `x0 + i * step` (pixels) of row `y`, for each i of `out`. */
  readonly row: (x0: number, y: number, step: number, out: Float32Array) => void;
}

interface Octave {
  readonly wavelength: number;
  readonly amplitude: number;
  readonly seed: number;
}

/**
 * Variance that smoothstep interpolation leaves of lattice values of variance 1/3 (uniform in -1..1): per axis the mean
 * of `(1 - s)^2 + s^2` over t is 26/35.
 */
const LATTICE_VARIANCE = (26 / 35) ** 2 / 3;

/**
 * A field whose power falls as 1/f^beta between `wavelengthMax` (a power of two, pixels) and 2 pixels: octaves of value
 * noise, each of variance proportional to wavelength^(beta - 2).
 */
export function createField(input: { seed: number; wavelengthMax: number; beta: number }): Field {
  const octaves: Octave[] = [];
  let variance = 0;
  for (let wavelength = input.wavelengthMax; wavelength >= 2; wavelength /= 2) {
    const power = (wavelength / input.wavelengthMax) ** (input.beta - 2);
    octaves.push({ wavelength, amplitude: Math.sqrt(power), seed: input.seed + octaves.length * 101 });
    variance += power * LATTICE_VARIANCE;
  }
  const norm = 1 / Math.sqrt(variance);
  return {
    row(x0, y, step, out) {
      out.fill(0);
      for (const octave of octaves) addOctave(octave, norm, x0, y, step, out);
    },
  };
}

function addOctave(octave: Octave, norm: number, x0: number, y: number, step: number, out: Float32Array) {
  const { wavelength, seed } = octave;
  const row = Math.floor(y / wavelength);
  const down = smoothstep(y / wavelength - row);
  const scale = octave.amplitude * norm;
  // One value per lattice column, already interpolated between the rows above and below.
  const column = (c: number) => scale * mix(lattice(c, row, seed), lattice(c, row + 1, seed), down);
  let cell = Math.floor(x0 / wavelength);
  let left = column(cell);
  let right = column(cell + 1);
  for (let i = 0; i < out.length; i++) {
    const x = (x0 + i * step) / wavelength;
    if (x >= cell + 1) {
      const next = Math.floor(x);
      left = next === cell + 1 ? right : column(next);
      right = column(next + 1);
      cell = next;
    }
    out[i] = out[i]! + mix(left, right, smoothstep(x - cell));
  }
}

/** Uniform in -1..1. */
function lattice(column: number, row: number, seed: number): number {
  return hashAt(column, row, seed) / 0x7fff_ffff - 1;
}

function smoothstep(t: number): number {
  return t * t * (3 - 2 * t);
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
