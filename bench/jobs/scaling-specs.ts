import { gridBounds } from '@swath/geo';
import type { RequestSpecInput } from '@swath/requests';
import type { Stack } from '../inputs/stack.ts';
import type { Inputs } from '../inputs.ts';
import { DROPPED_CLASSES, jobSpec, RADIOMETRY } from './jobs.ts';

/** The int16 job on a square of `side` pixels in the south-east corner of the inputs, away from their nodata. */
export function squareSpec(inputs: Inputs, side: number): RequestSpecInput {
  const [, minY, maxX] = gridBounds(inputs.grid);
  const reach = side * inputs.grid.geotransform[1];
  return {
    ...jobSpec('i16', inputs),
    grid: { bounds: [maxX - reach, minY, maxX, minY + reach] },
  };
}

/** The mean of `count` bands, no mask: one output, whatever the number of inputs. */
export function bandsSpec(stack: Stack, count: number): RequestSpecInput {
  const names = Array.from({ length: count }, (_, i) => `b${i + 1}`);
  return {
    items: [stack.bandsItem],
    pipeline: {
      expression: `(${names.join('+')})/${count}`,
      bands: Object.fromEntries(names.map((name) => [name, name])),
      name: 'mean',
    },
    mask: 'none',
    radiometry: RADIOMETRY,
    output: { dtype: 'int16', scale: 10_000, nodata: -32_768 },
  };
}

/** The median of the masked NDVI of the first `count` dates. */
export function datesSpec(stack: Stack, count: number): RequestSpecInput {
  return {
    items: stack.items.slice(0, count),
    pipeline: { index: 'NDVI' },
    mask: { band: 'scl', classes: DROPPED_CLASSES },
    radiometry: RADIOMETRY,
    composite: 'median',
    output: { dtype: 'int16', scale: 10_000, nodata: -32_768 },
  };
}
