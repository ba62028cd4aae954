import { setTimeout } from 'node:timers/promises';
import {
  FINE_PAGE_BINS,
  FINE_PAGES,
  type Kernels,
  SAMPLE_CODE,
  type SampleCode,
} from '@swath/raster/kernels/kernels';
import { createKernelSpace } from '@swath/raster/kernels/space';

/**
 * How fast the pixel kernels are on one core of this machine: `node bench/kernels.ts [part of a name]`. Megapixels (one
 * sample each; of averages, samples that go in) per second of CPU time, best of five runs over one block of 512 x 512,
 * which the second-level cache holds. The scene is a smooth field with noise, a tenth of it nodata at one side.
 */
const SIDE = 512;
const PIXELS = SIDE * SIDE;
const RUNS = 5;
const CALLS_PER_RUN = 20;
const WARM_UP_CALLS = 60;
/** The engine compiles a busy function again on another thread; this long it may take. */
const WARM_UP_MS = 60;
const SEED = 42;

const space = createKernelSpace();
const { kernels } = space;

/** Numerical Recipes' generator: 0 to 1, the same in every run. */
let state = SEED;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const wanted = process.argv[2] ?? '';

async function measure(name: string, call: (kernels: Kernels) => unknown): Promise<void> {
  if (!name.includes(wanted)) return;
  for (let n = 0; n < WARM_UP_CALLS; n++) call(kernels);
  await setTimeout(WARM_UP_MS);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    for (let n = 0; n < CALLS_PER_RUN; n++) call(kernels);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  console.log(`${name.padEnd(40)} ${Math.round((PIXELS * CALLS_PER_RUN) / best)} Mpx/s`);
}

const NODATA = { uint8: 0, int16: -32768, uint16: 0, int32: -2147483648, float32: -9999 } as const;

/** A reflectance-like field from 0 to 1 with noise, NaN in the first tenth of every row. */
const field = Float32Array.from({ length: PIXELS }, (_, i) => {
  const x = i % SIDE;
  const y = Math.floor(i / SIDE);
  if (x < SIDE / 10) return Number.NaN;
  return 0.4 + 0.2 * Math.sin(x / 90) * Math.cos(y / 70) + 0.03 * (random() - 0.5);
});

const values = space.take(4 * PIXELS);
const to = space.take(8 * PIXELS);
const scratch = space.take(8 * SIDE);
const planes = new Map<SampleCode, number>();
space.singles(values, PIXELS).set(field);

const TYPES = [
  ['int16', 0.0001, 2],
  ['uint16', 0.0001, 2],
  ['uint8', 1 / 250, 1],
  ['int32', 0.000001, 4],
  ['float32', 1, 4],
] as const;

for (const [dtype, scale, bytes] of TYPES) {
  const code = SAMPLE_CODE[dtype];
  const samples = space.take(bytes * PIXELS);
  planes.set(code, samples);
  await measure(`quantise to ${dtype}`, () =>
    kernels.quantise(values, PIXELS, samples, code, scale, 0, NODATA[dtype]),
  );
  kernels.quantise(values, PIXELS, samples, code, scale, 0, NODATA[dtype]);
}

const planeOf = (code: SampleCode): number => planes.get(code) as number;

for (const [bytes, code] of [
  [1, SAMPLE_CODE.uint8],
  [2, SAMPLE_CODE.uint16],
  [4, SAMPLE_CODE.int32],
] as const) {
  const from = planeOf(code);
  for (const stride of [1, 3, 4]) {
    const rowSamples = SIDE - (SIDE % stride);
    await measure(`predictHorizontal ${8 * bytes} bits, stride ${stride}`, () =>
      kernels.predictHorizontal(from, SIDE * bytes, to, SIDE, rowSamples, stride, bytes),
    );
    await measure(`undoHorizontal ${8 * bytes} bits, stride ${stride}`, () =>
      kernels.undoHorizontal(to, SIDE, rowSamples, stride, bytes),
    );
  }
}

const singles = planeOf(SAMPLE_CODE.float32);
for (const stride of [1, 3]) {
  const rowSamples = SIDE - (SIDE % stride);
  await measure(`predictFloatingPoint stride ${stride}`, () =>
    kernels.predictFloatingPoint(singles, SIDE * 4, to, scratch, SIDE, rowSamples, stride),
  );
  await measure(`undoFloatingPoint stride ${stride}`, () =>
    kernels.undoFloatingPoint(to, scratch, SIDE, rowSamples, stride, 4),
  );
}
await measure('undoFloatingPoint 64 bits', () => kernels.undoFloatingPoint(to, scratch, SIDE, SIDE, 1, 8));

for (const [dtype, , bytes] of TYPES) {
  const code = SAMPLE_CODE[dtype];
  const nodata = NODATA[dtype];
  const from = planeOf(code);
  const averageBytes = dtype === 'int32' ? 8 : 4;
  const rowBytes = (SIDE / 2) * averageBytes;
  await measure(`averageStored ${dtype}`, () =>
    kernels.averageStored(from, SIDE * bytes, SIDE, SIDE, code, nodata, to, rowBytes),
  );
  if (bytes === 4) {
    const source = dtype === 'int32' ? space.take(8 * PIXELS) : values;
    if (dtype === 'int32') space.doubles(source, PIXELS).set(field);
    await measure(`averageAgain ${dtype}`, () =>
      kernels.averageAgain(source, SIDE * averageBytes, SIDE, SIDE, code, to, rowBytes),
    );
  }
  const averages = dtype === 'int32' ? space.take(8 * PIXELS) : values;
  if (dtype === 'int32') space.doubles(averages, PIXELS).set(field);
  await measure(`storeAverages ${dtype}`, () =>
    kernels.storeAverages(averages, SIDE * averageBytes, SIDE, SIDE, code, nodata, to, SIDE * bytes),
  );
}

const counts = space.take(4 * 65_536);
for (const dtype of ['uint8', 'int16', 'uint16'] as const) {
  const code = SAMPLE_CODE[dtype];
  const rowBytes = SIDE * (dtype === 'uint8' ? 1 : 2);
  space.words(counts, 65_536).fill(0);
  await measure(`countNumbers ${dtype}`, () =>
    kernels.countNumbers(planeOf(code), rowBytes, SIDE, SIDE, code, NODATA[dtype], counts),
  );
}
const noise = space.take(2 * PIXELS);
const constant = space.take(2 * PIXELS);
const near = space.take(2 * PIXELS);
for (let i = 0; i < PIXELS; i++) {
  new DataView(space.memory.buffer).setUint16(noise + 2 * i, random() * 65_536, true);
  new DataView(space.memory.buffer).setUint16(near + 2 * i, 1000 + 3 * random(), true);
}
space.bytes(constant, 2 * PIXELS).fill(1);
for (const [name, from] of [
  ['noise', noise],
  ['three numbers', near],
  ['one number', constant],
] as const) {
  await measure(`countNumbers uint16, ${name}`, () =>
    kernels.countNumbers(from, SIDE * 2, SIDE, SIDE, SAMPLE_CODE.uint16, 0, counts),
  );
}

const directory = space.take(4 * FINE_PAGES);
const pages = Array.from({ length: FINE_PAGES }, () => space.take(4 * FINE_PAGE_BINS));
space.words(directory, FINE_PAGES).set(pages);
const moments = space.take(40);
for (const dtype of ['int32', 'float32'] as const) {
  const code = SAMPLE_CODE[dtype];
  const from = planeOf(code);
  await measure(`moments ${dtype}`, () =>
    kernels.moments(from, SIDE * 4, SIDE, SIDE, code, NODATA[dtype], moments),
  );
  await measure(`fineHistogram ${dtype}`, () =>
    kernels.fineHistogram(from, SIDE * 4, SIDE, SIDE, code, NODATA[dtype], directory, 0),
  );
}
