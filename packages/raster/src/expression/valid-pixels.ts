import {
  getLocal,
  integer,
  load,
  type SimdName,
  setLocal,
  simd,
  singleConstant,
  teeLocal,
} from './instructions.ts';
import type { BandType, KernelBand } from './kernel.ts';
import type { Bytes } from './wasm-bytes.ts';

export const SAMPLE_BYTES = { uint8: 1, int8: 1, uint16: 2, int16: 2, float32: 4 } as const satisfies Record<
  BandType,
  number
>;

const RANGE: Readonly<Record<Exclude<BandType, 'float32'>, readonly [least: number, most: number]>> = {
  uint8: [0, 0xff],
  int8: [-0x80, 0x7f],
  uint16: [0, 0xffff],
  int16: [-0x8000, 0x7fff],
};

const SPLAT = { 1: 'i8x16.splat', 2: 'i16x8.splat', 4: 'f32x4.splat' } as const satisfies Record<
  number,
  SimdName
>;
const EQUAL = { 1: 'i8x16.eq', 2: 'i16x8.eq', 4: 'f32x4.eq' } as const satisfies Record<number, SimdName>;

/** The DN as samples of the type hold it; undefined when no sample can equal it. NaN is found without being named. */
function nodataSample({ type, nodata }: KernelBand): number | undefined {
  if (nodata === null || Number.isNaN(nodata)) return undefined;
  if (type === 'float32') return Math.fround(nodata);
  const [least, most] = RANGE[type];
  return Number.isInteger(nodata) && nodata >= least && nodata <= most ? nodata : undefined;
}

export interface BandLocals {
  /** Address of the first of the sixteen pixels, per band. */
  readonly address: readonly number[];
  /** Vector of the nodata sample, per band; used for those that have one. */
  readonly nodata: readonly number[];
  readonly scratch: number;
}

/** Once, before the loop: vectors of each band's nodata. */
export function nodataCode(bands: readonly KernelBand[], locals: BandLocals): Bytes {
  return bands.flatMap((band, position) => {
    const sample = nodataSample(band);
    if (sample === undefined) return [];
    const number = band.type === 'float32' ? singleConstant(sample) : integer(sample);
    return [...number, ...simd(SPLAT[SAMPLE_BYTES[band.type]]), ...setLocal(locals.nodata[position]!)];
  });
}

/** [] -> [masks of one vector's samples without data], or nothing at all when all samples of the band are data. */
function missingOf(band: KernelBand, position: number, vector: number, locals: BandLocals): Bytes {
  const samples = [...getLocal(locals.address[position]!), ...load('v128.load', 16 * vector)];
  const hasNodata = nodataSample(band) !== undefined;
  const equal = [...getLocal(locals.nodata[position]!), ...simd(EQUAL[SAMPLE_BYTES[band.type]])];
  if (band.type !== 'float32') return hasNodata ? [...samples, ...equal] : [];
  const notNumber = [
    ...samples,
    ...teeLocal(locals.scratch),
    ...getLocal(locals.scratch),
    ...simd('f32x4.ne'),
  ];
  return hasNodata ? [...notNumber, ...getLocal(locals.scratch), ...equal, ...simd('v128.or')] : notNumber;
}

/** Terms joined by `or`; nothing for none. */
function either(terms: readonly Bytes[]): Bytes {
  const [first = [], ...rest] = terms.filter((term) => term.length > 0);
  return [...first, ...rest.flatMap((term) => [...term, ...simd('v128.or')])];
}

/**
 * [] -> [sixteen byte masks]: where any band has no data; nothing when no band can miss any. Compared in the width of the
 * samples, then narrowed: one comparison for 16, 8 or 4 pixels.
 */
export function missingCode(bands: readonly KernelBand[], locals: BandLocals): Bytes {
  const ofWidth = (bytes: number, vector: number): Bytes =>
    either(
      bands.map((band, position) =>
        SAMPLE_BYTES[band.type] === bytes ? missingOf(band, position, vector, locals) : [],
      ),
    );
  const narrow = (low: Bytes, high: Bytes, name: SimdName): Bytes =>
    low.length === 0 ? [] : [...low, ...high, ...simd(name)];
  const halves = (bytes: number, first: number): Bytes =>
    narrow(ofWidth(bytes, first), ofWidth(bytes, first + 1), 'i16x8.narrow_i32x4_s');
  return either([
    ofWidth(1, 0),
    narrow(ofWidth(2, 0), ofWidth(2, 1), 'i8x16.narrow_i16x8_s'),
    narrow(halves(4, 0), halves(4, 2), 'i8x16.narrow_i16x8_s'),
  ]);
}
