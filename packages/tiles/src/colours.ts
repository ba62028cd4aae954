import { SwathError } from '@swath/core';
import { RAMP_STEPS } from '@swath/raster/picture/colour';
import * as z from 'zod';
import { COLORMAP_CHARS_MAX, COLORMAP_ENTRIES_MAX } from './limits.ts';
import { colormapNames, namedTable } from './named-colormaps.ts';

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * How one band becomes colours. `table`: values are stretched to 0 to 255, which are the rows of 256 RGBA colours.
 * `classes`: whole numbers have colours, others none. `intervals`: from the first (inclusive) to the second (exclusive).
 */
export type Colours =
  | { readonly kind: 'table'; readonly rgba: Uint8Array }
  | { readonly kind: 'classes'; readonly colours: ReadonlyMap<number, Rgba> }
  | {
      readonly kind: 'intervals';
      readonly intervals: readonly { readonly from: number; readonly to: number; readonly colour: Rgba }[];
    };

/** @throws SwathError InvalidInput listing the names. */
export function namedColours(name: string): Colours {
  const table = namedTable(name);
  if (table === undefined) {
    throw new SwathError('InvalidInput', `There is no colormap "${name.slice(0, 40)}".`, {
      pointer: '/colormap_name',
      fix: `Use one of ${colormapNames.join(', ')}; with _r behind it, the other way round.`,
    });
  }
  const rgba = new Uint8Array(RAMP_STEPS * 4).fill(255);
  for (let i = 0; i < RAMP_STEPS; i++) rgba.set(table.subarray(i * 3, i * 3 + 3), i * 4);
  return { kind: 'table', rgba };
}

const byte = z.int().min(0).max(255);
const colour = z.union([
  z.tuple([byte, byte, byte]).transform(([r, g, b]): Rgba => [r, g, b, 255]),
  z.tuple([byte, byte, byte, byte]).transform((rgba): Rgba => rgba),
  z
    .string()
    .regex(/^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/, 'a colour such as #1a9850')
    .transform((hex): Rgba => {
      const at = (i: number) => Number.parseInt(hex.slice(i, i + 2), 16);
      return [at(1), at(3), at(5), hex.length === 9 ? at(7) : 255];
    }),
]);
const number = z.number();
const colormap = z.union([
  z
    .array(z.tuple([z.tuple([number, number]), colour]))
    .min(1)
    .max(COLORMAP_ENTRIES_MAX),
  z
    .record(z.string().regex(/^-?\d{1,9}$/, 'whole numbers as names'), colour)
    .refine((map) => Object.keys(map).length >= 1 && Object.keys(map).length <= COLORMAP_ENTRIES_MAX, {
      message: `1 to ${COLORMAP_ENTRIES_MAX} colours`,
    }),
]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError('InvalidInput', 'The colormap is not JSON.', {
      pointer: '/colormap',
      fix: COLORMAP_FIX,
      cause,
    });
  }
}

const COLORMAP_FIX =
  'Send {"1":"#1a9850","2":[215,48,39]} for classes, or [[[0,0.5],"#ffffe5"],[[0.5,1],"#004529"]] for intervals.';

/**
 * A colormap as TiTiler takes it: an object of classes, or a list of intervals.
 * @throws SwathError InvalidInput, LimitExceeded.
 */
export function parseColormap(text: string): Colours {
  if (text.length > COLORMAP_CHARS_MAX) {
    throw new SwathError('LimitExceeded', `The colormap has more than ${COLORMAP_CHARS_MAX} characters.`, {
      pointer: '/colormap',
      fix: 'Use intervals, or a colormap_name.',
    });
  }
  const parsed = colormap.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new SwathError('InvalidInput', 'The colormap is not one.', {
      pointer: '/colormap',
      fix: COLORMAP_FIX,
    });
  }
  const map = parsed.data;
  if (Array.isArray(map)) {
    return { kind: 'intervals', intervals: map.map(([[from, to], rgba]) => ({ from, to, colour: rgba })) };
  }
  return {
    kind: 'classes',
    colours: new Map(Object.entries(map).map(([value, rgba]) => [Number(value), rgba])),
  };
}
