/** Deterministic noise: integer hashes only, so that the same seed gives the same bytes on every machine. */

/** Uniform in [0, 1) from two integers and a seed. */
export function hash2(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Mean 0, standard deviation about 1: the sum of three uniforms, scaled. */
export function bell(x: number, y: number, seed: number): number {
  return (hash2(x, y, seed) + hash2(x, y, seed + 7919) + hash2(x, y, seed + 15838) - 1.5) * 2;
}

/** Value noise in [0, 1): a random lattice with a period of 1, smoothly interpolated. */
function valueNoise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const top = hash2(x0, y0, seed) * (1 - u) + hash2(x0 + 1, y0, seed) * u;
  const bottom = hash2(x0, y0 + 1, seed) * (1 - u) + hash2(x0 + 1, y0 + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

/** Fractal noise in [0, 1): octaves of halving size and amplitude. `x`, `y` in units of the largest feature. */
export function fractal(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let amplitude = 1;
  let total = 0;
  let frequency = 1;
  for (let octave = 0; octave < octaves; octave++) {
    // The lattice is turned a little at each octave: otherwise its axes show as stripes.
    const angle = octave * 0.7;
    const cos = Math.cos(angle) * frequency;
    const sin = Math.sin(angle) * frequency;
    sum += amplitude * valueNoise(x * cos - y * sin, x * sin + y * cos, seed + octave * 131);
    total += amplitude;
    amplitude *= 0.5;
    frequency *= 2;
  }
  return sum / total;
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
