import { isSwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionTree } from '../../../../test/support/expression-tree.ts';
import { runs } from '../../../../test/support/runs.ts';
import type { Expression } from './ast.ts';
import { compileExpression } from './compile.ts';
import { evaluate } from './evaluate.ts';
import type { BandType, ExpressionKernel, KernelBand } from './kernel.ts';
import { MAX_KERNEL_BANDS } from './limits.ts';
import { parseExpression } from './parse.ts';

const SLACK_BYTES = 64;
/** Far above the seconds that the property takes, however busy the machine and however many its runs. */
const LONG_MS = 300_000;
const memory = new WebAssembly.Memory({ initial: 4, maximum: 16 });

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  float32: Float32Array,
} as const;

/** Numbers that break things, for planes of singles and for results that are there already. */
const singles = Float32Array.of(
  ...[0, -0, 1, -1, 2, 0.5, 1.5, 2.5, -0.5, Number.NaN, Infinity, -Infinity, 1e-45, -1e-45, 1e-40],
  ...[3.4028234663852886e38, -3.4028234663852886e38, 1e20, -1e20, -9999, 8_388_609, 88, 255, 10_000],
);
const integers = [0, 0, 1, 2, 3, 127, 128, 255, 256, 1000, 10_000, 32_767, 32_768, 65_535, -1, -9999];

/** Endless numbers from 0 to 2^32 - 1 (xorshift32). */
function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

interface Scene {
  readonly count: number;
  readonly bands: readonly KernelBand[];
  readonly planes: Parameters<ExpressionKernel>[1];
  /** Bytes of memory that belong to the scene, guards included. */
  readonly end: number;
}

/** Planes one after the other with slack between, as far from alignment as samples allow, the rest full of guards. */
function lay(count: number, bands: readonly KernelBand[], shift: number): Scene {
  let top = 128;
  const take = (sampleBytes: number): number => {
    const at = top + shift * sampleBytes;
    top = Math.ceil((at + count * sampleBytes + SLACK_BYTES) / 64) * 64;
    return at;
  };
  const planes = {
    use: take(1),
    seen: take(1),
    plane: take(4),
    bands: bands.map(({ type }) => take(arrays[type].BYTES_PER_ELEMENT)),
  };
  return { count, bands, planes, end: top + 128 };
}

function samplesOf({ count, bands, planes }: Scene, position: number) {
  return new arrays[bands[position]!.type](memory.buffer, planes.bands[position]!, count);
}

/** Fills all of the scene, the slack too: what lies there may be read, but must not matter. */
function fill(scene: Scene, seed: number): void {
  const next = random(seed);
  const { count, bands, planes, end } = scene;
  const all = new Uint8Array(memory.buffer, 0, end);
  for (let i = 0; i < end; i++) all[i] = next();
  const use = new Uint8Array(memory.buffer, planes.use, count + 16).fill(0);
  const wanted = next() % 4;
  for (let i = 0; i < count; i++) use[i] = wanted === 0 || next() % 4 < wanted ? 1 : 0;
  const plane = new Float32Array(memory.buffer, planes.plane, count).fill(Number.NaN);
  const filled = next() % 3;
  for (let i = 0; i < count; i++) {
    if (next() % 8 < filled) plane[i] = singles[next() % singles.length]!;
  }
  for (const [position, { type, nodata }] of bands.entries()) {
    const samples = samplesOf(scene, position);
    const pool = type === 'float32' ? singles : integers;
    const odd = next() % 2;
    for (let i = 0; i < count; i++) {
      const kind = next() % 8;
      if (kind === 0 && nodata !== null) samples[i] = nodata;
      else if (kind < 5 + odd) samples[i] = pool[next() % pool.length]!;
      else samples[i] = (next() % 20_000) - (type === 'uint16' ? 0 : 100);
    }
  }
}

/** The contract, written plainly over a copy of memory. */
function expected(expression: Expression, scene: Scene): Uint8Array {
  const { count, bands, planes, end } = scene;
  const copy = memory.buffer.slice(0, end);
  const use = new Uint8Array(copy, planes.use, count);
  const seen = new Uint8Array(copy, planes.seen, count);
  const plane = new Float32Array(copy, planes.plane, count);
  const valid = new Uint8Array(count).fill(1);
  const values: Record<string, Float32Array> = {};
  for (const [position, { name, type, scale, offset, nodata }] of bands.entries()) {
    const samples = samplesOf(scene, position);
    const asSample = nodata === null ? Number.NaN : type === 'float32' ? Math.fround(nodata) : nodata;
    const [factor, term] = [Math.fround(scale), Math.fround(offset)];
    values[name] = Float32Array.from(samples, (dn) =>
      factor === 1 && term === 0 ? dn : Math.fround(Math.fround(dn * factor) + term),
    );
    for (let i = 0; i < count; i++) if (samples[i] === asSample || Number.isNaN(samples[i])) valid[i] = 0;
  }
  const result = evaluate(expression, values, count);
  for (let i = 0; i < count; i++) {
    if (use[i] === 0 || valid[i] === 0) continue;
    seen[i]! |= 3;
    if (Number.isFinite(result[i]) && Number.isNaN(plane[i])) plane[i] = result[i]!;
  }
  return new Uint8Array(copy);
}

/** Runs both and compares all memory of the scene, so that no byte can change that must not. */
function check(expression: Expression, scene: Scene, compile = compileExpression): void {
  const kernel = compile(expression, scene.bands, memory);
  const wanted = expected(expression, scene);
  kernel(scene.count, scene.planes);
  const found = new Uint8Array(memory.buffer, 0, scene.end);
  if (Buffer.compare(found, wanted) === 0) return;
  const at = found.findIndex((byte, i) => byte !== wanted[i]);
  const pixel = Math.floor((at - scene.planes.plane) / 4);
  const got = new DataView(memory.buffer).getFloat32(scene.planes.plane + 4 * pixel, true);
  const want = new DataView(wanted.buffer).getFloat32(scene.planes.plane + 4 * pixel, true);
  expect.fail(
    `byte ${at} is ${found[at]}, not ${wanted[at]}: pixel ${pixel} of the plane is ${got}, not ${want}`,
  );
}

const names = ['nir', 'red', 'blue', 'B8A', 'qa'] as const;
const number = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, -0, 1, 2, 3, 0.5, -2, 10, 1e-4, 1e30, 3e-39) },
  fc.double({ min: -100, max: 100, noNaN: true }),
);
const band = fc.record({
  type: fc.constantFrom<BandType>('uint8', 'int8', 'uint16', 'int16', 'float32'),
  scale: fc.constantFrom(1, 1, 1e-4, 2.75e-5, -1, 0, 0.1, 1e30, 1e-50),
  offset: fc.constantFrom(0, 0, -0.1, -0.2, 1000, -0, 1e-50),
  nodata: fc.constantFrom(null, 0, -0, 255, -128, -9999, -9999.9, 65_535, 65_536, 1.5, 1e39, Number.NaN),
});
const bandList = fc
  .array(band, { minLength: 1, maxLength: names.length })
  .map((list) => list.map((each, at): KernelBand => ({ name: names[at]!, ...each })));
const scenes = bandList.chain((bands) =>
  fc.record({
    bands: fc.constant(bands),
    expression: expressionTree(
      bands.map(({ name }) => name),
      number,
    ),
    count: fc.integer({ min: 0, max: 50 }),
    shift: fc.integer({ min: 0, max: 15 }),
    seed: fc.integer(),
  }),
);

const plain = (name: string, type: BandType = 'float32', nodata: number | null = null): KernelBand => ({
  name,
  type,
  scale: 1,
  offset: 0,
  nodata,
});

/** Results where every pixel is wanted; NaN where none was written. */
function results(text: string, values: Readonly<Record<string, readonly number[]>>): readonly number[] {
  const entries = Object.entries(values);
  const count = entries[0]?.[1].length ?? 1;
  const bands = entries.map(([name]) => plain(name));
  const scene = lay(count, bands, 0);
  new Uint8Array(memory.buffer, 0, scene.end).fill(0);
  new Uint8Array(memory.buffer, scene.planes.use, count).fill(1);
  const plane = new Float32Array(memory.buffer, scene.planes.plane, count).fill(Number.NaN);
  for (const [position, [, numbers]] of entries.entries()) samplesOf(scene, position).set(numbers);
  compileExpression(parseExpression(text), bands, memory)(count, scene.planes);
  return [...plane];
}

describe('compileExpression', () => {
  it(
    'equals the interpreter bit for bit, and changes nothing else in memory',
    () => {
      fc.assert(
        fc.property(scenes, ({ bands, expression, count, shift, seed }) => {
          const scene = lay(count, bands, shift);
          fill(scene, seed);
          check(expression, scene);
        }),
        { numRuns: runs(400) },
      );
    },
    LONG_MS,
  );

  const formulas = [
    '(nir - red) / (nir + red)',
    '2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)',
    '(nir - red) / (nir + red + 0.5) * (1 + 0.5)',
    '(2 * nir + 1 - ((2 * nir + 1) ** 2 - 8 * (nir - red)) ** 0.5) / 2',
    '1 / ((0.1 - red) ** 2 + (0.06 - nir) ** 2)',
    '((nir + red) - (blue + B8A)) / ((nir + red) + (B8A + blue))',
    'log(nir / red) + exp(-blue) + log10(B8A)',
    'nir > red && !(blue >= 1000) ? clip(nir / red, 0, 10) : -1',
    'max(nir, red, blue, B8A) - min(nir, red, blue, B8A) + round(nir / 10) * 10',
    'nir ** 3 - red ** 2 + blue ** (1 + 1) + 2 ** (B8A / 1000) - 0.5 ** blue',
    '1 - ((red - blue) / (blue - nir) != 0 || B8A == 0)',
  ];
  it.each([0, 1, 15, 16, 17, 1000])('computes known formulas over %i pixels', (count) => {
    for (const [at, text] of formulas.entries()) {
      for (const [nth, type] of (['uint16', 'float32', 'uint8'] as const).entries()) {
        const bands = names.map(
          (name): KernelBand => ({ name, type, scale: 1e-4, offset: -0.1, nodata: nth === 2 ? null : 0 }),
        );
        const scene = lay(count, bands, 0);
        fill(scene, 1 + at + 100 * count + 7 * nth);
        check(parseExpression(text), scene);
      }
    }
  });

  it('does nothing over no pixels, not even where pixels are wanted', () => {
    const scene = lay(0, [plain('a')], 0);
    const all = new Uint8Array(memory.buffer, 0, scene.end).fill(1);
    compileExpression(parseExpression('a'), scene.bands, memory)(0, scene.planes);
    expect(all.every((byte) => byte === 1)).toBe(true);
  });

  it('writes no result that is not finite', () => {
    expect(results('a / b', { a: [1, -1, 0, 6], b: [0, 0, 0, 4] })).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      1.5,
    ]);
    expect(results('log(a)', { a: [-1, 0, 1] })).toEqual([Number.NaN, Number.NaN, 0]);
    expect(results('a * 10', { a: [Math.fround(3e38)] })).toEqual([Number.NaN]);
  });

  it('orders zeros and passes NaN on as Math.min and Math.max do', () => {
    const zeros = { a: [0, -0, 0, -0], b: [-0, 0, 0, -0] };
    expect(results('min(a, b)', zeros)).toEqual([-0, -0, 0, -0]);
    expect(results('max(a, b)', zeros)).toEqual([0, 0, 0, -0]);
    expect(results('max(a, 0)', zeros)).toEqual([0, 0, 0, 0]);
    expect(results('max(-0.0, a, 0)', zeros)).toEqual([0, 0, 0, 0]);
    expect(results('max(a, -0)', zeros)).toEqual([0, -0, 0, -0]);
    expect(results('min(0, a)', zeros)).toEqual([0, -0, 0, -0]);
    expect(results('min(a, -0)', zeros)).toEqual([-0, -0, -0, -0]);
    expect(results('max(0 / a, 1) == max(0 / a, 1) ? 1 : 2', zeros)).toEqual([2, 2, 2, 2]);
    expect(results('min(0 / a, 1) == min(0 / a, 1) ? 1 : 2', zeros)).toEqual([2, 2, 2, 2]);
    expect(results('clip(0 / a, 0, 1) >= 0', zeros)).toEqual([0, 0, 0, 0]);
  });

  it('takes NaN for true, compares it with nothing, and rounds ties to even', () => {
    const a = [0, 0.5, 1.5, 2.5, -0.5];
    expect(results('(0 / 0) && a', { a })).toEqual([0, 1, 1, 1, 1]);
    expect(results('!(0 / a)', { a })).toEqual([0, 1, 1, 1, 1]);
    expect(results('0 / a == 0 / a', { a })).toEqual([0, 1, 1, 1, 1]);
    expect(results('round(a)', { a })).toEqual([0, 0, 2, 2, -0]);
    expect(results('(0 / a) ** 0', { a })).toEqual([1, 1, 1, 1, 1]);
    expect(results('(a + 1) ** 3', { a: [0, 1, 2] })).toEqual([1, 8, 27]);
  });

  it('takes bands that the expression does not name into account', () => {
    const bands = [plain('a'), plain('b', 'int8', -1)];
    const scene = lay(3, bands, 0);
    new Uint8Array(memory.buffer, 0, scene.end).fill(0);
    new Uint8Array(memory.buffer, scene.planes.use, 3).fill(1);
    const plane = new Float32Array(memory.buffer, scene.planes.plane, 3).fill(Number.NaN);
    samplesOf(scene, 1).set([0, -1, 127]);
    compileExpression(parseExpression('a + 1'), bands, memory)(3, scene.planes);
    expect([...plane]).toEqual([1, Number.NaN, 1]);
    expect([...new Uint8Array(memory.buffer, scene.planes.seen, 4)]).toEqual([3, 0, 3, 0]);
  });

  it('compiles the largest expressions that parse, and far deeper trees', () => {
    const terms = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 'a' : `${i % 7}`));
    const wide = parseExpression(terms.join('+'));
    const powers = parseExpression(`${'('.repeat(60)}a${' ** 1.01 + 1)'.repeat(60)}`);
    let deep: Expression = { kind: 'band', name: 'a' };
    for (let i = 0; i < 1500; i++) {
      deep = { kind: 'binary', operator: '-', left: { kind: 'number', value: i }, right: deep };
    }
    for (const expression of [wide, powers, deep]) {
      const scene = lay(33, [plain('a', 'uint8', 0)], 0);
      fill(scene, 5);
      check(expression, scene);
    }
  });

  it('refuses what the caller must not ask', () => {
    const code = (bands: readonly KernelBand[], text = 'a'): string => {
      try {
        compileExpression(parseExpression(text), bands, memory)(1, { use: 0, seen: 0, plane: 0, bands: [] });
      } catch (error) {
        if (isSwathError(error)) return `${error.code}: ${error.message}`;
        throw error;
      }
      return 'accepted';
    };
    expect(code([plain('b')])).toBe('Bug: no kernel band "a"');
    expect(code([plain('a'), plain('a')])).toBe('Bug: a kernel band is named twice');
    expect(code([plain('a')])).toBe('Bug: 0 band planes for a kernel of 1');
    const many = Array.from({ length: MAX_KERNEL_BANDS + 1 }, (_, i) => plain(`a${i}`));
    expect(code(many)).toContain('LimitExceeded');
    expect(code(many.slice(1), 'a1')).toBe(`Bug: 0 band planes for a kernel of ${MAX_KERNEL_BANDS}`);
  });

  it('follows memory that grows after compiling', () => {
    const growing = new WebAssembly.Memory({ initial: 1, maximum: 4 });
    const kernel = compileExpression(parseExpression('a * 2'), [plain('a', 'uint8')], growing);
    growing.grow(1);
    const base = 65_536;
    new Uint8Array(growing.buffer, base, 2).fill(1);
    const plane = new Float32Array(growing.buffer, base + 256, 3).fill(Number.NaN);
    new Uint8Array(growing.buffer, base + 512, 2).set([7, 9]);
    kernel(2, { use: base, seen: base + 128, plane: base + 256, bands: [base + 512] });
    expect([...plane]).toEqual([14, 18, Number.NaN]);
  });
});
