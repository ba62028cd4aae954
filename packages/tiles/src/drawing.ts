import { SwathError } from '@swath/core';
import type {
  BandStatistics,
  Expression,
  ProductOutput,
  RampName,
  Resampling,
  ValueRange,
} from '@swath/raster';
import { bandsOf, parseExpression } from '@swath/raster/expression/parse';
import { type Colours, namedColours, parseColormap } from './colours.ts';
import { PICTURE_BANDS } from './limits.ts';

/** What is known of an image besides its pixels, and decides how it is shown when nobody says otherwise. */
export interface ImageLook {
  readonly bands: readonly BandLook[];
  readonly ramp: RampName;
  /** Values a picture of the first band stretches over the ramp; null where the statistics say it. */
  readonly range: ValueRange | null;
}

export interface BandLook {
  readonly name: string;
  /** In the same units as pixels are shown in. Absent where nobody counted. */
  readonly statistics?: BandStatistics;
}

/** Query parameters of tiles and previews, as TiTiler and rio-tiler name them; text as it came. */
export interface DrawParams {
  /** 1-based. */
  readonly bidx?: readonly string[] | undefined;
  /** Names of bands; commas separate, too. */
  readonly bands?: readonly string[] | undefined;
  /** Over `b1`, `b2`, or names of bands; `;` separates red, green and blue. */
  readonly expression?: string | undefined;
  /** `min,max`, once or per band. */
  readonly rescale?: readonly string[] | undefined;
  readonly colormap_name?: string | undefined;
  /** JSON. */
  readonly colormap?: string | undefined;
  readonly nodata?: string | undefined;
  readonly resampling?: string | undefined;
  readonly unscale?: string | undefined;
}

/** How pixels become a picture: all decided, but for stretches that nobody named. */
export interface Drawing {
  readonly outputs: readonly ProductOutput[];
  /** Per output; `'auto'` = 2nd to 98th percentile of what there is; null = values as they are. */
  readonly ranges: readonly (ValueRange | 'auto' | null)[];
  readonly colours: Colours;
  /** Overrides the file's; compared with stored numbers, before scale, expression and stretch. */
  readonly nodata?: number | 'nan';
  readonly resampling: Resampling;
  /** False: stored numbers instead of values (DN * scale + offset). */
  readonly unscale: boolean;
}

/** 0-based index of the band that a name in an expression means: the band's own name first, then `b1`, `b2`, ... */
export function bandIndex(look: ImageLook, name: string): number | undefined {
  const own = look.bands.findIndex((band) => band.name === name);
  if (own >= 0) return own;
  const match = /^b([1-9]\d{0,3})$/.exec(name);
  const index = match === null ? -1 : Number(match[1]) - 1;
  return index >= 0 && index < look.bands.length ? index : undefined;
}

const namesOf = (look: ImageLook) => look.bands.map(({ name }, i) => `b${i + 1} (${name})`).join(', ');

/** @throws SwathError InvalidInput, LimitExceeded: nothing of the image was read yet. */
export function planDrawing(params: DrawParams, look: ImageLook): Drawing {
  const { outputs, indexes } = chosenOutputs(params, look, 'picture');
  const unscale = oneOf(params.unscale ?? 'true', 'unscale', { true: true, false: false });
  const colours = coloursOf(params, look, outputs.length);
  const nodata = params.nodata === undefined ? undefined : parseNodata(params.nodata);
  return {
    outputs,
    ranges: rangesOf({ params, look, indexes, asUsual: unscale && nodata === undefined }),
    colours,
    ...(nodata === undefined ? {} : { nodata }),
    resampling: oneOf(params.resampling ?? 'nearest', 'resampling', resamplings),
    unscale,
  };
}

/** GDAL's words, which rio-tiler takes. */
const resamplings = {
  nearest: 'nearest',
  bilinear: 'bilinear',
  cubic: 'cubic',
  average: 'average',
  mode: 'mode',
} as const;

function oneOf<T>(given: string, name: string, values: Readonly<Record<string, T>>): T {
  const value = Object.hasOwn(values, given) ? values[given] : undefined;
  if (value !== undefined) return value;
  throw new SwathError('InvalidInput', `${name}=${given.slice(0, 20)} is not possible.`, {
    pointer: `/${name}`,
    fix: `Use one of ${Object.keys(values).join(', ')}.`,
  });
}

interface Chosen {
  readonly outputs: readonly ProductOutput[];
  /** Band shown by each output, 0-based; undefined for a computed one. */
  readonly indexes: readonly (number | undefined)[];
}

/**
 * What a table of values shows: the bands or expressions named, by default all bands, however many.
 * @throws SwathError InvalidInput, LimitExceeded.
 */
export function planValues(
  params: DrawParams,
  look: ImageLook,
): Pick<Drawing, 'outputs' | 'nodata' | 'unscale'> {
  const all = look.bands.map((_, i) => String(i + 1));
  const { bidx, bands, expression, nodata, unscale } = params;
  const named = (bidx ?? bands ?? expression) !== undefined;
  const { outputs } = chosenOutputs(named ? { bidx, bands, expression } : { bidx: all }, look, 'any');
  return {
    outputs,
    unscale: oneOf(unscale ?? 'true', 'unscale', { true: true, false: false }),
    ...(nodata === undefined ? {} : { nodata: parseNodata(nodata) }),
  };
}

function chosenOutputs(params: DrawParams, look: ImageLook, count: 'picture' | 'any'): Chosen {
  const given = [params.bidx, params.bands, params.expression].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new SwathError('InvalidInput', 'A picture has bidx, bands or expression, one of them.', {
      pointer: params.expression === undefined ? '/bands' : '/expression',
      fix: 'Name the bands in the expression.',
    });
  }
  if (params.expression !== undefined) return ofExpression(params.expression, look, count);
  const indexes =
    params.bidx !== undefined
      ? params.bidx.flatMap((text) => text.split(',')).map((text) => byNumber(text, look))
      : params.bands !== undefined
        ? params.bands.flatMap((text) => text.split(',')).map((text) => byName(text, look, '/bands'))
        : look.bands.length >= 3
          ? [0, 1, 2]
          : [0];
  if (count === 'picture') checkCount(indexes.length, params.bidx === undefined ? '/bands' : '/bidx');
  return {
    indexes,
    outputs: indexes.map((index): ProductOutput => {
      const name = look.bands[index]?.name ?? `b${index + 1}`;
      return { name, expression: { kind: 'band', name } };
    }),
  };
}

function checkCount(count: number, pointer: string): void {
  if (PICTURE_BANDS.some((allowed) => allowed === count)) return;
  throw new SwathError('InvalidInput', `A picture shows one band or three, not ${count}.`, {
    pointer,
    fix: 'Name one band for a colour ramp, or three for red, green and blue.',
  });
}

function byNumber(text: string, look: ImageLook): number {
  const index = /^[1-9]\d{0,3}$/.test(text) ? Number(text) - 1 : -1;
  if (index >= 0 && index < look.bands.length) return index;
  throw new SwathError('InvalidInput', `There is no band ${text.slice(0, 20)}.`, {
    pointer: '/bidx',
    fix: `Use a number from 1 to ${look.bands.length}: ${namesOf(look)}.`,
  });
}

function byName(text: string, look: ImageLook, pointer: string): number {
  const index = bandIndex(look, text);
  if (index !== undefined) return index;
  throw new SwathError('InvalidInput', `There is no band "${text.slice(0, 40)}".`, {
    pointer,
    fix: `Use ${namesOf(look)}.`,
  });
}

function ofExpression(text: string, look: ImageLook, count: 'picture' | 'any'): Chosen {
  const parts = text.split(';');
  if (count === 'picture') checkCount(parts.length, '/expression');
  const outputs = parts.map((part, i): ProductOutput => {
    const expression = parseExpression(part, '/expression');
    const names = bandsOf(expression);
    for (const name of names) byName(name, look, '/expression');
    if (names.length === 0) {
      throw new SwathError('InvalidInput', 'The expression uses no band.', {
        pointer: '/expression',
        fix: `Use ${namesOf(look)}.`,
      });
    }
    return { name: `expression_${i + 1}`, expression };
  });
  return { outputs, indexes: outputs.map(({ expression }) => shownBand(expression, look)) };
}

/** A name alone is the band itself. */
function shownBand(expression: Expression, look: ImageLook): number | undefined {
  return expression.kind === 'band' ? bandIndex(look, expression.name) : undefined;
}

function coloursOf({ colormap, colormap_name: name }: DrawParams, look: ImageLook, outputs: number): Colours {
  if (colormap !== undefined && name !== undefined) {
    throw new SwathError('InvalidInput', 'A picture has a colormap or a colormap_name.', {
      pointer: '/colormap',
      fix: 'Leave one of them out.',
    });
  }
  if (outputs > 1 && (colormap ?? name) !== undefined) {
    throw new SwathError('InvalidInput', 'Three bands are red, green and blue: a colormap is for one.', {
      pointer: colormap === undefined ? '/colormap_name' : '/colormap',
      fix: 'Name one band with bidx or bands, or leave the colormap out.',
    });
  }
  return colormap === undefined ? namedColours(name ?? look.ramp) : parseColormap(colormap);
}

function rangesOf({
  params: { rescale, colormap },
  look,
  indexes,
  asUsual,
}: {
  readonly params: DrawParams;
  readonly look: ImageLook;
  readonly indexes: Chosen['indexes'];
  /** Pixels are what the statistics are of. */
  readonly asUsual: boolean;
}): Drawing['ranges'] {
  if (rescale !== undefined) {
    if (rescale.length !== 1 && rescale.length !== indexes.length) {
      throw new SwathError('InvalidInput', `${rescale.length} rescale for ${indexes.length} bands.`, {
        pointer: '/rescale',
        fix: 'Give one rescale for all bands, or one for each.',
      });
    }
    const ranges = rescale.map(parseRange);
    return indexes.map((_, i) => ranges[i] ?? ranges[0]!);
  }
  // Classes and intervals are of the values themselves.
  if (colormap !== undefined) return indexes.map(() => null);
  return indexes.map((index) => (asUsual && index !== undefined ? usualRange(look, index) : 'auto'));
}

function usualRange({ range, bands }: ImageLook, index: number): ValueRange | 'auto' {
  if (range !== null && index === 0) return range;
  const percentiles = bands[index]?.statistics?.percentiles;
  return percentiles ? { min: percentiles.p2, max: percentiles.p98 } : 'auto';
}

const DECIMAL = /^[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?$/;

function parseNumber(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function parseRange(text: string): ValueRange {
  const [min, max, ...more] = text.split(',').map((part) => parseNumber(part.trim()));
  if (min !== undefined && max !== undefined && more.length === 0 && min < max) return { min, max };
  throw new SwathError('InvalidInput', `rescale=${text.slice(0, 60)} is not a range.`, {
    pointer: '/rescale',
    fix: 'Give the lowest and the highest value, such as rescale=0,0.8.',
  });
}

function parseNodata(text: string): number | 'nan' {
  if (/^nan$/i.test(text)) return 'nan';
  const value = parseNumber(text);
  if (value !== undefined) return value;
  throw new SwathError('InvalidInput', `nodata=${text.slice(0, 20)} is not a number.`, {
    pointer: '/nodata',
    fix: 'Give the stored number, or nan.',
  });
}
