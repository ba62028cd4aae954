import { compileExpression } from '@swath/raster/expression/compile';
import { evaluate } from '@swath/raster/expression/evaluate';
import type { KernelBand } from '@swath/raster/expression/kernel';
import { bandsOf, parseExpression } from '@swath/raster/expression/parse';

/**
 * How fast compiled expressions are beside the interpreter on this machine: `node bench/expression.ts`. Strips of 32 rows
 * of 1,024 pixels, uint16 with nodata and scaling: what a worker has in its second-level cache at once. Best of 5 runs.
 */
const COUNT = 32 * 1024;
const RUNS = 5;
/** Long enough that V8's optimising compiler has taken over in the first run. */
const RUN_MS = 400;
const SLACK_BYTES = 64;
const BUFFER_BYTES = 2 * COUNT + SLACK_BYTES;
const SEED = 42;

const formulas = {
  NDVI: '(nir - red) / (nir + red)',
  EVI: '2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)',
  SAVI: '(nir - red) / (nir + red + 0.5) * 1.5',
  'clip and choose': 'nir > red ? clip((nir - red) / (nir + red), 0, 1) : 0',
  'log of a ratio': 'log(nir / red)',
  power: 'nir ** 0.5',
};

const memory = new WebAssembly.Memory({ initial: 32 });
const fixed = { use: 0, seen: COUNT + SLACK_BYTES, plane: 2 * (COUNT + SLACK_BYTES) };
const firstBand = fixed.plane + 4 * COUNT + SLACK_BYTES;

/** Digital numbers 1 to 10,000, none of them nodata (xorshift32). */
function fillBand(at: number, seed: number): void {
  const samples = new Uint16Array(memory.buffer, at, COUNT);
  let state = seed;
  for (let i = 0; i < COUNT; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    samples[i] = 1 + ((state >>> 0) % 10_000);
  }
}

/** Millions of pixels a second of CPU time, which other processes do not change: best of the runs. */
function rate(work: () => void): number {
  let best = 0;
  for (let run = 0; run < RUNS; run++) {
    const start = process.cpuUsage();
    const until = performance.now() + RUN_MS;
    let pixels = 0;
    while (performance.now() < until) {
      work();
      pixels += COUNT;
    }
    const { user, system } = process.cpuUsage(start);
    best = Math.max(best, pixels / (user + system));
  }
  return best;
}

const plane = new Float32Array(memory.buffer, fixed.plane, COUNT);
const use = new Uint8Array(memory.buffer, fixed.use, COUNT);
console.log('Mpx/s'.padEnd(18), 'compiled', 'all cloud', 'interpreted');
for (const [name, text] of Object.entries(formulas)) {
  const expression = parseExpression(text);
  const bands = bandsOf(expression).map(
    (each): KernelBand => ({ name: each, type: 'uint16', scale: 1e-4, offset: -0.1, nodata: 0 }),
  );
  const planes = { ...fixed, bands: bands.map((_, at) => firstBand + at * BUFFER_BYTES) };
  for (const [at, address] of planes.bands.entries()) fillBand(address, SEED + at);
  const kernel = compileExpression(expression, bands, memory);
  use.fill(1);
  const clear = rate(() => {
    plane.fill(Number.NaN);
    kernel(COUNT, planes);
  });
  use.fill(0);
  const clouded = rate(() => kernel(COUNT, planes));
  const values = Object.fromEntries(
    planes.bands.map((address, at) => {
      const numbers = new Uint16Array(memory.buffer, address, COUNT);
      return [bands[at]!.name, Float32Array.from(numbers, (dn) => Math.fround(dn * Math.fround(1e-4)) - 0.1)];
    }),
  );
  const interpreted = rate(() => evaluate(expression, values, COUNT));
  console.log(
    name.padEnd(18),
    ...[clear, clouded, interpreted].map((each, at) => each.toFixed(0).padStart([8, 9, 11][at]!)),
  );
}
