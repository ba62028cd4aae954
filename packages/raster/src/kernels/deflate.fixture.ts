/** Uniform numbers in [0, 1) from a seed (a linear congruential generator). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export type TileKind = 'uint16' | 'int16' | 'float32';

const SIDE = 256;
const NODATA: Readonly<Record<TileKind, number>> = { uint16: 0, int16: -32_768, float32: -9999 };

/** A smooth field with noise and patches of nodata, as the predictor of its type leaves it: 256 x 256 samples, little-endian. */
export function predictedTile(kind: TileKind, seed: number): Uint8Array {
  const values = field(kind, seed);
  if (kind === 'float32') return floatingPoint(Float32Array.from(values));
  const predicted = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    predicted[i] = values[i]! - (i % SIDE === 0 ? 0 : values[i - 1]!);
  }
  return new Uint8Array(predicted.buffer);
}

function field(kind: TileKind, seed: number): number[] {
  const random = seeded(seed);
  const scale = kind === 'uint16' ? 1 : kind === 'int16' ? 5 : 1 / 2000;
  return Array.from({ length: SIDE * SIDE }, (_, index) => {
    const x = index % SIDE;
    const y = Math.floor(index / SIDE);
    const noise = 40 * (random() + random() + random() - 1.5);
    if (Math.sin((x + 10 * seed) / 40) + Math.cos(y / 31) > 0.9) return NODATA[kind];
    const value = (1500 + 700 * Math.sin(x / 60) * Math.cos(y / 45) + noise) * scale;
    return kind === 'float32' ? value : Math.round(value);
  });
}

/** Predictor 3: the bytes of a row by significance, highest first, then differences of neighbours. */
function floatingPoint(values: Float32Array): Uint8Array {
  const from = new Uint8Array(values.buffer);
  const rowBytes = SIDE * 4;
  const out = new Uint8Array(from.length);
  for (let row = 0; row < from.length; row += rowBytes) {
    let before = 0;
    for (let at = 0; at < rowBytes; at++) {
      const plane = Math.floor(at / SIDE);
      const byte = from[row + (at % SIDE) * 4 + (3 - plane)]!;
      out[row + at] = byte - before;
      before = byte;
    }
  }
  return out;
}
