import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';
import type { BandPlane } from './band-plane.ts';
import { MASK_BIT_MAX } from './limits.ts';
import type { MaskInput } from './work.ts';

/** What a mask says of a pixel. */
export const MASK = {
  /** The mask does not reach here, or calls it fill. */
  noData: 0,
  /** There is data, and the rule drops it. */
  dropped: 1,
  kept: 2,
} as const;

/** Whether a rule selects a mask value. @throws SwathError InvalidInput for a bit that no mask has. */
export function selector(rule: MaskInput['rule']): (value: number) => boolean {
  if ('classes' in rule) {
    const classes = new Set(rule.classes);
    return (value) => classes.has(value);
  }
  let flags = 0;
  for (const bit of rule.bits) {
    if (!Number.isInteger(bit) || bit < 0 || bit > MASK_BIT_MAX) {
      throw new SwathError('InvalidInput', `Mask bit ${bit} is not 0 to ${MASK_BIT_MAX}.`, {
        pointer: '/mask/bits',
        fix: 'Count bits from 0, the lowest.',
      });
    }
    flags |= 1 << bit;
  }
  return (value) => (value & flags) !== 0;
}

/**
 * State of each pixel of a mask in kernel memory, a byte each, at the address returned. Dropped are exactly the pixels
 * the rule selects; those the mask image has no pixel for are the caller's to drop.
 *
 * Of the dropped ones, fill is told from clouds, for the counts alone: the image's nodata, class 0 when the rule names
 * it (NO_DATA of Sentinel-2's SCL), bit 0 when the rule names it (fill of Landsat's QA_PIXEL).
 */
export function maskStates(
  space: KernelSpace,
  { type, at }: BandPlane,
  count: number,
  rule: MaskInput['rule'],
  nodata: number | 'nan' | null,
): number {
  const drops = selector(rule);
  const isFill = fillTest(rule, nodata);
  const stateOf = (value: number): number =>
    drops(value) ? (isFill(value) ? MASK.noData : MASK.dropped) : MASK.kept;
  const states = space.take(count);
  if (type === 'uint8' || type === 'uint16') {
    const entries = type === 'uint8' ? 2 ** 8 : 2 ** 16;
    const table = space.take(entries);
    space.bytes(table, entries).set(Uint8Array.from({ length: entries }, (_, value) => stateOf(value)));
    if (type === 'uint8') space.kernels.maskBytes(at, count, table, states);
    else space.kernels.maskWords(at, count, table, states);
  } else {
    const values = valuesAt(space, type, at, count);
    const target = space.bytes(states, count);
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      target[i] = Number.isNaN(value) ? MASK.noData : stateOf(value);
    }
  }
  return states;
}

function valuesAt(
  { memory: { buffer } }: KernelSpace,
  type: 'int8' | 'int16' | 'float32',
  at: number,
  count: number,
): Int8Array | Int16Array | Float32Array {
  if (type === 'int8') return new Int8Array(buffer, at, count);
  return type === 'int16' ? new Int16Array(buffer, at, count) : new Float32Array(buffer, at, count);
}

function fillTest(rule: MaskInput['rule'], nodata: number | 'nan' | null): (value: number) => boolean {
  if ('classes' in rule) {
    const zero = rule.classes.includes(0);
    return (value) => value === nodata || (zero && value === 0);
  }
  const lowest = rule.bits.includes(0);
  return (value) => value === nodata || (lowest && (value & 1) !== 0);
}
