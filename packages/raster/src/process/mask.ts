import { SwathError } from '@swath/core';
import type { GridPixels } from '../warp/grid-pixels.ts';
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
 * State of each pixel. Dropped are exactly the pixels the rule selects, and those the mask image has no value for.
 *
 * Of the dropped ones, fill is told from clouds, for the counts alone: the image's nodata, class 0 when the rule names
 * it (NO_DATA of Sentinel-2's SCL), bit 0 when the rule names it (fill of Landsat's QA_PIXEL).
 */
export function maskStates(
  mask: GridPixels,
  rule: MaskInput['rule'],
  nodata: number | 'nan' | null,
): Uint8Array {
  const drops = selector(rule);
  const isFill = fillTest(rule, nodata);
  const states = new Uint8Array(mask.valid.length);
  for (let i = 0; i < states.length; i++) {
    if (mask.valid[i] === 0) continue;
    const value = mask.values[i]!;
    states[i] = drops(value) ? (isFill(value) ? MASK.noData : MASK.dropped) : MASK.kept;
  }
  return states;
}

function fillTest(rule: MaskInput['rule'], nodata: number | 'nan' | null): (value: number) => boolean {
  if ('classes' in rule) {
    const zero = rule.classes.includes(0);
    return (value) => value === nodata || (zero && value === 0);
  }
  const lowest = rule.bits.includes(0);
  return (value) => value === nodata || (lowest && (value & 1) !== 0);
}
