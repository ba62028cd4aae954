import { placeSteps, type StepContext, type StepLocals, stepsCode } from './emit-steps.ts';
import {
  block,
  everyByte,
  getLocal,
  integer,
  leaveIf,
  load,
  loop,
  scalar,
  setLocal,
  simd,
  store,
  teeLocal,
} from './instructions.ts';
import type { BandType, KernelBand } from './kernel.ts';
import type { Steps } from './lower.ts';
import { type BandLocals, missingCode, nodataCode, SAMPLE_BYTES } from './valid-pixels.ts';
import type { Bytes, DefinedFunction, ValueType } from './wasm-bytes.ts';

/** Pixels of one turn of the loop: one vector of bytes, four of singles. */
const TURN = 16;
const VECTOR_BYTES = 16;
const QUARTERS = [0, 1, 2, 3] as const;
type Quarter = (typeof QUARTERS)[number];
const QUARTER_PIXELS = 4;

/** Parameters of the function; the bands' addresses follow. */
const PARAMETER = { count: 0, use: 1, seen: 2, plane: 3 } as const;
const PARAMETERS = 4;

/** Bits of `seen` that tell of data; the caller's names for them. */
const SEEN_BITS = 3;

const PIXEL_SHIFT = { 1: 0, 2: 1, 4: 2 } as const;

/** [address] -> [four singles]: converting 16 bits and fewer is exact. */
function fourSamples(type: BandType, quarter: Quarter): Bytes {
  const offset = quarter * QUARTER_PIXELS * SAMPLE_BYTES[type];
  const asSingles = simd('f32x4.convert_i32x4_s');
  switch (type) {
    case 'float32':
      return load('v128.load', offset);
    case 'uint16':
      return [...load('v128.load16x4_u', offset), ...asSingles];
    case 'int16':
      return [...load('v128.load16x4_s', offset), ...asSingles];
    case 'uint8':
      return [
        ...load('v128.load32_zero', offset),
        ...simd('i16x8.extend_low_i8x16_u'),
        ...simd('i32x4.extend_low_i16x8_u'),
        ...asSingles,
      ];
    case 'int8':
      return [
        ...load('v128.load32_zero', offset),
        ...simd('i16x8.extend_low_i8x16_s'),
        ...simd('i32x4.extend_low_i16x8_s'),
        ...asSingles,
      ];
  }
}

/** Locals in the order of their declaration: numbers after the parameters, then vectors. */
interface KernelLocals extends BandLocals {
  readonly pixel: number;
  readonly planeAt: number;
  /** Bytes: first what is wanted, then masks of what is valid. */
  readonly valid: number;
  readonly seenBits: number;
  /** Masks of eight pixels, two bytes each. */
  readonly half: number;
  /** Four pixels of the plane, and masks of those to be written. */
  readonly plane: number;
  readonly write: number;
  readonly steps: StepLocals;
  readonly declared: DefinedFunction['locals'];
}

function numberLocals(steps: Steps, bands: readonly KernelBand[]): KernelLocals {
  let next = PARAMETERS + bands.length;
  const numbers = { address: bands.map(() => next++), pixel: next++, planeAt: next++ };
  const vectors = {
    nodata: bands.map(() => next++),
    scratch: next++,
    valid: next++,
    seenBits: next++,
    half: next++,
    plane: next++,
    write: next++,
  };
  const stepLocals = placeSteps(steps, next);
  const firstVector = numbers.planeAt + 1;
  return {
    ...numbers,
    ...vectors,
    steps: stepLocals,
    declared: [
      [firstVector - PARAMETERS - bands.length, 'i32'],
      [next - firstVector + stepLocals.count, 'v128'],
    ],
  };
}

interface Kernel {
  readonly steps: Steps;
  readonly bands: readonly KernelBand[];
  readonly functions: ReadonlyMap<string, number>;
  readonly locals: KernelLocals;
}

/** [] -> [address] of the pixel's sample in a plane of samples of so many bytes. */
function addressOf({ locals }: Kernel, plane: number, bytes: 1 | 2 | 4): Bytes {
  return [
    ...getLocal(plane),
    ...getLocal(locals.pixel),
    ...(bytes === 1 ? [] : [...integer(PIXEL_SHIFT[bytes]), ...scalar('i32.shl')]),
    ...scalar('i32.add'),
  ];
}

/** Leaves the block when the condition is 0. */
const unless = (condition: Bytes): Bytes => [...condition, ...scalar('i32.eqz'), ...leaveIf(0)];

/** [] -> [four results], through the local of the last step. */
function context({ functions, bands, locals }: Kernel, quarter: Quarter): StepContext {
  return {
    locals: locals.steps,
    functions,
    loadBand: (position) => [
      ...getLocal(locals.address[position]!),
      ...fourSamples(bands[position]!.type, quarter),
    ],
  };
}

/** Four pixels: computed unless each has a value already or may not have one. */
function fourPixels(kernel: Kernel, quarter: Quarter): Bytes {
  const { planeAt, plane, half, write, scratch, steps } = kernel.locals;
  const result = getLocal(steps.of.at(-1)!);
  return block([
    ...getLocal(planeAt),
    ...load('v128.load', quarter * VECTOR_BYTES),
    ...teeLocal(plane),
    ...getLocal(plane),
    ...simd('f32x4.ne'),
    ...getLocal(half),
    ...simd(quarter % 2 === 0 ? 'i32x4.extend_low_i16x8_s' : 'i32x4.extend_high_i16x8_s'),
    ...simd('v128.and'),
    ...teeLocal(write),
    ...unless(simd('v128.any_true')),
    ...stepsCode(kernel.steps, 'moving', context(kernel, quarter)),
    ...getLocal(planeAt),
    ...result,
    ...getLocal(plane),
    // Finite is what gives 0, not NaN, when taken from itself.
    ...result,
    ...result,
    ...simd('f32x4.sub'),
    ...teeLocal(scratch),
    ...getLocal(scratch),
    ...simd('f32x4.eq'),
    ...getLocal(write),
    ...simd('v128.and'),
    ...simd('v128.bitselect'),
    ...store(quarter * VECTOR_BYTES),
  ]);
}

/** Sixteen pixels: nothing more is read where none is wanted, nothing computed or written where none has data. */
function sixteenPixels(kernel: Kernel): Bytes {
  const { bands, locals } = kernel;
  const { valid, half, planeAt, seenBits } = locals;
  const missing = missingCode(bands, locals);
  return block([
    ...addressOf(kernel, PARAMETER.use, 1),
    ...load('v128.load', 0),
    ...teeLocal(valid),
    ...unless(simd('v128.any_true')),
    ...bands.flatMap(({ type }, position) => [
      ...addressOf(kernel, PARAMETERS + position, SAMPLE_BYTES[type]),
      ...setLocal(locals.address[position]!),
    ]),
    ...getLocal(valid),
    ...everyByte(0),
    ...simd('i8x16.eq'),
    ...(missing.length === 0 ? [] : [...missing, ...simd('v128.or')]),
    ...simd('v128.not'),
    ...teeLocal(valid),
    ...unless(simd('v128.any_true')),
    ...addressOf(kernel, PARAMETER.seen, 1),
    ...addressOf(kernel, PARAMETER.seen, 1),
    ...load('v128.load', 0),
    ...getLocal(valid),
    ...getLocal(seenBits),
    ...simd('v128.and'),
    ...simd('v128.or'),
    ...store(0),
    ...addressOf(kernel, PARAMETER.plane, 4),
    ...setLocal(planeAt),
    ...getLocal(valid),
    ...simd('i16x8.extend_low_i8x16_s'),
    ...setLocal(half),
    ...fourPixels(kernel, 0),
    ...fourPixels(kernel, 1),
    ...getLocal(valid),
    ...simd('i16x8.extend_high_i8x16_s'),
    ...setLocal(half),
    ...fourPixels(kernel, 2),
    ...fourPixels(kernel, 3),
  ]);
}

/** The function of (count, use, seen, plane, ...bands) that does what ExpressionKernel says. */
export function kernelFunction(
  steps: Steps,
  bands: readonly KernelBand[],
  functions: ReadonlyMap<string, number>,
): DefinedFunction {
  const locals = numberLocals(steps, bands);
  const kernel = { steps, bands, functions, locals };
  const isLeft = [...getLocal(PARAMETER.count), ...scalar('i32.lt_s')];
  return {
    type: { params: Array<ValueType>(PARAMETERS + bands.length).fill('i32'), results: [] },
    locals: locals.declared,
    body: block([
      ...unless([...getLocal(locals.pixel), ...isLeft]),
      ...everyByte(SEEN_BITS),
      ...setLocal(locals.seenBits),
      ...nodataCode(bands, locals),
      ...stepsCode(steps, 'fixed', context(kernel, 0)),
      ...loop([
        ...sixteenPixels(kernel),
        ...getLocal(locals.pixel),
        ...integer(TURN),
        ...scalar('i32.add'),
        ...teeLocal(locals.pixel),
        ...isLeft,
        ...leaveIf(0),
      ]),
    ]),
  };
}
