import { type Bytes, signed, single, unsigned } from './wasm-bytes.ts';

/** Instructions of WebAssembly that expression kernels use; operands are on the stack. Core Specification 2.0, section 5.4. */

const SIMD_PREFIX = 0xfd;
const EMPTY_BLOCK = 0x40;
/** Alignment is a hint that changes nothing on today's machines; none is promised. */
const NO_ALIGNMENT = 0;
const VECTOR_BYTES = 16;

/** Vector instructions without immediates, by their names in the specification. */
const SIMD = {
  'i8x16.splat': 15,
  'i16x8.splat': 16,
  'f32x4.splat': 19,
  'i8x16.eq': 35,
  'i16x8.eq': 45,
  'f32x4.eq': 65,
  'f32x4.ne': 66,
  'f32x4.lt': 67,
  'f32x4.gt': 68,
  'f32x4.le': 69,
  'f32x4.ge': 70,
  'v128.not': 77,
  'v128.and': 78,
  'v128.or': 80,
  'v128.bitselect': 82,
  'v128.any_true': 83,
  'i8x16.narrow_i16x8_s': 101,
  'f32x4.ceil': 103,
  'f32x4.floor': 104,
  'f32x4.nearest': 106,
  'i16x8.narrow_i32x4_s': 133,
  'i16x8.extend_low_i8x16_s': 135,
  'i16x8.extend_high_i8x16_s': 136,
  'i16x8.extend_low_i8x16_u': 137,
  'i32x4.extend_low_i16x8_s': 167,
  'i32x4.extend_high_i16x8_s': 168,
  'i32x4.extend_low_i16x8_u': 169,
  'f32x4.abs': 224,
  'f32x4.neg': 225,
  'f32x4.sqrt': 227,
  'f32x4.add': 228,
  'f32x4.sub': 229,
  'f32x4.mul': 230,
  'f32x4.div': 231,
  'f32x4.min': 232,
  'f32x4.max': 233,
  'f32x4.pmin': 234,
  'f32x4.pmax': 235,
  'f32x4.convert_i32x4_s': 250,
} as const;
export type SimdName = keyof typeof SIMD;

const LOADS = { 'v128.load': 0, 'v128.load16x4_s': 3, 'v128.load16x4_u': 4, 'v128.load32_zero': 92 } as const;
export type LoadName = keyof typeof LOADS;

const SCALAR = {
  'i32.eqz': 0x45,
  'i32.lt_s': 0x48,
  'i32.add': 0x6a,
  'i32.shl': 0x74,
  'f32.demote_f64': 0xb6,
  'f64.promote_f32': 0xbb,
} as const;

export const simd = (name: SimdName): Bytes => [SIMD_PREFIX, ...unsigned(SIMD[name])];
export const scalar = (name: keyof typeof SCALAR): Bytes => [SCALAR[name]];

/** [address] -> [vector], from `offset` bytes after the address. */
export const load = (name: LoadName, offset: number): Bytes => [
  SIMD_PREFIX,
  ...unsigned(LOADS[name]),
  NO_ALIGNMENT,
  ...unsigned(offset),
];
/** [address, vector] -> []. */
export const store = (offset: number): Bytes => [SIMD_PREFIX, 11, NO_ALIGNMENT, ...unsigned(offset)];

export const extractLane = (lane: number): Bytes => [SIMD_PREFIX, 31, lane];
export const replaceLane = (lane: number): Bytes => [SIMD_PREFIX, 32, lane];
/** A vector of sixteen equal bytes. */
export const everyByte = (value: number): Bytes => [
  SIMD_PREFIX,
  12,
  ...Array<number>(VECTOR_BYTES).fill(value),
];

export const getLocal = (index: number): Bytes => [0x20, ...unsigned(index)];
export const setLocal = (index: number): Bytes => [0x21, ...unsigned(index)];
export const teeLocal = (index: number): Bytes => [0x22, ...unsigned(index)];
export const integer = (value: number): Bytes => [0x41, ...signed(value)];
export const singleConstant = (value: number): Bytes => [0x43, ...single(value)];
export const callFunction = (index: number): Bytes => [0x10, ...unsigned(index)];

/** `leave` counts enclosing blocks and loops from the inside: out of a block, back to the start of a loop. */
export const leaveIf = (depth: number): Bytes => [0x0d, ...unsigned(depth)];
export const block = (body: Bytes): Bytes => [0x02, EMPTY_BLOCK, ...body, 0x0b];
export const loop = (body: Bytes): Bytes => [0x03, EMPTY_BLOCK, ...body, 0x0b];
