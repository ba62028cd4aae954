import { SwathError } from '@swath/core';
import type { ProductOutput } from '@swath/raster';
import type { Expression } from '@swath/raster/expression/ast';
import { bandsOf, parseExpression } from '@swath/raster/expression/parse';
import { findIndex } from './indices/catalogue.ts';
import type { SpectralSensor } from './indices/sensors.ts';
import type { RampId } from './indices/spectral-index.ts';
import { constantsOf, withConstants } from './indices/with-constants.ts';

/** The pipeline of a request, as its schema lets it through. */
export type Pipeline =
  | { readonly index: string; readonly constants?: Readonly<Record<string, number>> | undefined }
  | {
      readonly expression: string;
      readonly bands?: Readonly<Record<string, string>> | undefined;
      readonly name?: string | undefined;
    }
  | { readonly bands: readonly string[] };

/** What a pipeline computes, from which bands, and how to show it. */
export interface ResolvedPipeline {
  /** One line for people: `NDVI`, the formula, `red, green, blue`. */
  readonly title: string;
  /** One band of the result each, names unique. */
  readonly outputs: readonly ProductOutput[];
  /** Every band used, each once: the name in the expressions, and the common name or asset key to look for. */
  readonly bands: readonly { readonly name: string; readonly band: string }[];
  readonly ramp: RampId;
  /** Values a picture stretches over the ramp; null = take them from the statistics. */
  readonly range: readonly [low: number, high: number] | null;
}

function needBands(expression: Expression, pointer: string): readonly string[] {
  const names = bandsOf(expression);
  if (names.length > 0) return names;
  throw new SwathError('InvalidInput', 'The expression uses no band.', {
    pointer,
    fix: 'Use at least one band, such as nir.',
  });
}

function ofIndex(
  { index: name, constants }: Extract<Pipeline, { index: string }>,
  pointer: string,
  sensor: SpectralSensor | 'other' | undefined,
): ResolvedPipeline {
  const index = findIndex(name, `${pointer}/index`);
  const values = constantsOf(index, constants ?? {}, sensor, `${pointer}/constants`);
  return {
    title: index.name,
    outputs: [
      { name: index.name.toLowerCase(), expression: withConstants(parseExpression(index.formula), values) },
    ],
    bands: index.bands.map((band) => ({ name: band, band })),
    ramp: index.ramp,
    range: index.range,
  };
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function ofExpression(
  pipeline: Extract<Pipeline, { expression: string }>,
  pointer: string,
): ResolvedPipeline {
  const expression = parseExpression(pipeline.expression, `${pointer}/expression`);
  const names = needBands(expression, `${pointer}/expression`);
  const given = pipeline.bands ?? {};
  const unused = Object.keys(given).find((name) => !names.includes(name));
  if (unused !== undefined) {
    throw new SwathError('InvalidInput', `The expression does not use the band "${unused.slice(0, 64)}".`, {
      pointer: `${pointer}/bands/${escapePointer(unused)}`,
      fix: `It uses ${names.join(', ')}: remove the entry, or correct its name.`,
    });
  }
  return {
    title: pipeline.name ?? pipeline.expression.trim(),
    outputs: [{ name: pipeline.name ?? 'expression', expression }],
    bands: names.map((name) => ({ name, band: Object.hasOwn(given, name) ? given[name]! : name })),
    ramp: 'viridis',
    range: null,
  };
}

function ofBands(bands: readonly string[], pointer: string): ResolvedPipeline {
  bands.forEach((band, i) => {
    const first = bands.indexOf(band);
    if (first === i) return;
    throw new SwathError('InvalidInput', `The band "${band.slice(0, 64)}" is listed twice.`, {
      pointer: `${pointer}/bands/${i}`,
      fix: 'List every band once.',
    });
  });
  return {
    title: bands.join(', '),
    outputs: bands.map((name) => ({ name, expression: { kind: 'band', name } })),
    bands: bands.map((band) => ({ name: band, band })),
    ramp: 'greys',
    range: null,
  };
}

/**
 * The three forms of a pipeline as one: `{"index"}` is a formula of the catalogue, `{"expression"}` one of the user's,
 * `{"bands"}` the bands themselves. Whether scenes have the bands is not known here.
 * @param sensor of the scenes, once they are known: some indices use its wavelengths.
 * @throws SwathError InvalidInput for an unknown index, an expression that is not arithmetic, a band listed for nothing or
 *   twice; LimitExceeded for an expression beyond its bounds.
 */
export function resolvePipeline(
  pipeline: Pipeline,
  pointer = '/pipeline',
  sensor?: SpectralSensor | 'other',
): ResolvedPipeline {
  if ('index' in pipeline) return ofIndex(pipeline, pointer, sensor);
  if ('expression' in pipeline) return ofExpression(pipeline, pointer);
  return ofBands(pipeline.bands, pointer);
}
