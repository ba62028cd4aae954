import { exception, invalidParameter, quoted } from '../../exceptions.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import {
  aBoolean,
  aCube,
  aLabel,
  anything,
  aText,
  aTextOrNull,
  bandCube,
  callbackOf,
  spatialBandCube,
  spatialCube,
  textList,
} from '../../registry/schema.ts';
import { cellAt, makeCells } from '../../values/cells.ts';
import { axesOfType, axisOf, lanesOf, makeCube, relabelled, replaceAt, select } from '../../values/cube.ts';
import { any, callback, cube, list, optionalText, text, texts } from '../../values/read.ts';
import type { Cube } from '../../values/value.ts';

const filterBands: Process = {
  id: 'filter_bands',
  summary: 'Keep bands',
  description: 'The named bands, in the order they are named.',
  categories: ['cubes', 'filter'],
  parameters: [
    required('data', 'The data cube.', bandCube),
    optional('bands', 'Names of bands.', textList, []),
    optional(
      'wavelengths',
      'Ranges in micrometres; needs imagery, which knows its wavelengths.',
      {
        type: 'array',
        items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number' } },
      },
      [],
    ),
  ],
  returns: { description: 'The data cube with fewer bands.', schema: bandCube },
  exceptions: ['BandFilterParameterMissing', 'DimensionMissing'],
  run: (args) => {
    const [data, bands] = [cube(args, 'data'), texts(args, 'bands')];
    if (list(args, 'wavelengths').length > 0) {
      throw invalidParameter('filter_bands', 'wavelengths', 'the bands of this data cube have names only');
    }
    if (bands.length === 0) throw exception('BandFilterParameterMissing');
    const [axis] = axesOfType(data, 'bands');
    if (axis === undefined) throw exception('DimensionMissing');
    const { labels } = data.dimensions[axis]!;
    const positions = bands.map((band) => {
      const at = labels.indexOf(band);
      if (at >= 0) return at;
      throw invalidParameter(
        'filter_bands',
        'bands',
        `there is no ${quoted(band)} among ${labels.join(', ')}`,
      );
    });
    return select(data, axis, [...new Set(positions)]);
  },
};

const filterLabels: Process = {
  id: 'filter_labels',
  summary: 'Keep labels that meet a condition',
  description: 'Labels for which the condition gives true stay, with their values.',
  categories: ['cubes', 'filter'],
  parameters: [
    required('data', 'The data cube.', aCube),
    required('condition', 'What to keep.', callbackOf([['value', 'The label.', aLabel]], aBoolean)),
    required('dimension', 'Name of the dimension.', aText),
    optional('context', 'Handed on to the condition.', anything, null),
  ],
  returns: { description: 'The data cube with fewer labels.', schema: aCube },
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const [data, condition, context] = [
      cube(args, 'data'),
      callback(args, 'condition'),
      any(args, 'context'),
    ];
    const axis = axisOf(data, text(args, 'dimension'));
    const keep = data.dimensions[axis]!.labels.flatMap((value, i) =>
      condition.run({ value, context }) === true ? [i] : [],
    );
    return select(data, axis, keep);
  },
};

/** Cells of one band over the cell of another, by its position along the band dimension. */
function ratio(data: Cube, axis: number, nir: number, red: number): (o: number, i: number) => number | null {
  const { length, inner } = lanesOf(data.dimensions, axis);
  return (o, i) => {
    const [a, b] = [nir, red].map((band) => cellAt(data.cells, (o * length + band) * inner + i));
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    return (a - b) / (a + b);
  };
}

const ndvi: Process = {
  id: 'ndvi',
  summary: 'Normalized difference vegetation index',
  description:
    '(nir - red) / (nir + red). The bands are gone afterwards, or the index joins them under a name.',
  categories: ['cubes', 'math > indices', 'vegetation indices'],
  parameters: [
    required('data', 'The data cube.', spatialBandCube),
    optional('nir', 'Name of the near infrared band.', aText, 'nir'),
    optional('red', 'Name of the red band.', aText, 'red'),
    optional('target_band', 'Name of the index as a band; null drops the bands.', aTextOrNull, null),
  ],
  returns: { description: 'The index.', schema: spatialCube },
  exceptions: ['NirBandAmbiguous', 'RedBandAmbiguous', 'DimensionAmbiguous', 'BandExists'],
  run: (args) => {
    const [data, target] = [cube(args, 'data'), optionalText(args, 'target_band')];
    const [axis, second] = axesOfType(data, 'bands');
    if (axis === undefined || second !== undefined) throw exception('DimensionAmbiguous');
    const dimension = data.dimensions[axis]!;
    const [nir, red] = [text(args, 'nir'), text(args, 'red')].map((band) => dimension.labels.indexOf(band));
    if (nir === undefined || nir < 0)
      throw exception('NirBandAmbiguous', `There is no ${quoted(text(args, 'nir'))}.`);
    if (red === undefined || red < 0)
      throw exception('RedBandAmbiguous', `There is no ${quoted(text(args, 'red'))}.`);
    if (target !== null && dimension.labels.includes(target))
      throw exception('BandExists', `It is ${quoted(target)}.`);
    const { outer, length, inner } = lanesOf(data.dimensions, axis);
    const at = ratio(data, axis, nir, red);
    if (target === null) {
      const cells = makeCells(outer * inner, (cell) => at(Math.floor(cell / inner), cell % inner));
      return makeCube(replaceAt(data.dimensions, axis), cells, data.nodata);
    }
    const cells = makeCells(outer * (length + 1) * inner, (cell) => {
      const [i, band, o] = [
        cell % inner,
        Math.floor(cell / inner) % (length + 1),
        Math.floor(cell / (inner * (length + 1))),
      ];
      return band === length ? at(o, i) : cellAt(data.cells, (o * length + band) * inner + i);
    });
    const longer = relabelled(dimension, [...dimension.labels, target]);
    return makeCube(replaceAt(data.dimensions, axis, longer), cells, data.nodata);
  },
};

/** Positions along a dimension at which there is anything. */
function occupied(data: Cube, axis: number): readonly number[] {
  const { outer, length, inner } = lanesOf(data.dimensions, axis);
  const found = new Uint8Array(length);
  for (let cell = 0; cell < outer * length * inner; cell++) {
    if (cellAt(data.cells, cell) !== null) found[Math.floor(cell / inner) % length] = 1;
  }
  return [...found.keys()].filter((position) => found[position] === 1);
}

const trim: Process = {
  id: 'trim_cube',
  summary: 'Remove labels without data',
  description: 'At the ends of x, y, z and time, so that their steps stay; anywhere in other dimensions.',
  categories: ['cubes'],
  parameters: [required('data', 'The data cube.', aCube)],
  returns: { description: 'The trimmed data cube.', schema: aCube },
  exceptions: [],
  run: (args) =>
    cube(args, 'data').dimensions.reduce<Cube>(
      (data, { type }, axis) => {
        const kept = occupied(data, axis);
        if (type !== 'spatial' && type !== 'temporal') return select(data, axis, kept);
        const [first = 0, last = -1] = [kept[0], kept.at(-1)];
        return select(
          data,
          axis,
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        );
      },
      cube(args, 'data'),
    ),
};

/** What keeps, drops or adds labels. */
export const labelProcesses: readonly Process[] = [filterBands, filterLabels, ndvi, trim];
