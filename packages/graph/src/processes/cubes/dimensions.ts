import { exception, openeoError, quoted } from '../../exceptions.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import { aCube, aLabel, aText, labelList, oneOf } from '../../registry/schema.ts';
import { makeCells } from '../../values/cells.ts';
import { axisOf, makeCube, relabelled, replaceAt, withCells } from '../../values/cube.ts';
import { type Arguments, any, cube, labels, text } from '../../values/read.ts';
import { type Cube, type Dimension, type DimensionType, type Label, temporal } from '../../values/value.ts';

const cubes = ['cubes'];
const returns = { description: 'The changed data cube.', schema: aCube };
const dataParameter = required('data', 'The data cube.', aCube);

function withDimensions(from: Cube, dimensions: readonly Dimension[]): Cube {
  return withCells({ ...from, dimensions }, from.cells);
}

function refuseTaken(from: Cube, name: string): void {
  if (from.dimensions.some((dimension) => dimension.name === name)) {
    throw exception('DimensionExists', `It is ${quoted(name)}.`);
  }
}

/** The first spatial axis that is free. */
function freeAxis(from: Cube): 'x' | 'y' | 'z' {
  const axis = (['x', 'y', 'z'] as const).find(
    (letter) => !from.dimensions.some((dimension) => dimension.axis === letter),
  );
  if (axis === undefined) throw exception('DimensionExists', 'All of x, y and z are there.');
  return axis;
}

const create: Process = {
  id: 'create_data_cube',
  summary: 'An empty data cube',
  description: 'Has no dimensions; add_dimension adds some.',
  categories: cubes,
  parameters: [],
  returns: { description: 'The empty data cube.', schema: aCube },
  exceptions: [],
  run: () =>
    makeCube(
      [],
      makeCells(0, () => null),
    ),
};

const add: Process = {
  id: 'add_dimension',
  summary: 'Add a dimension',
  description: 'With one label, before all others; the values stay.',
  categories: cubes,
  parameters: [
    dataParameter,
    required('name', 'Name of the dimension.', aText),
    required('label', 'Its only label.', aLabel),
    optional('type', 'What it means.', oneOf('bands', 'geometry', 'other', 'spatial', 'temporal'), 'other'),
  ],
  returns,
  exceptions: ['DimensionExists'],
  run: (args) => {
    const [data, name, type] = [cube(args, 'data'), text(args, 'name'), text(args, 'type') as DimensionType];
    refuseTaken(data, name);
    const added: Dimension = {
      name,
      type,
      labels: [any(args, 'label') as Label],
      ...(type === 'spatial' ? { axis: freeAxis(data) } : {}),
    };
    // A cube without dimensions has no cells; its first dimension gives it one.
    const cells = data.dimensions.length === 0 ? makeCells(1, () => null) : data.cells;
    return makeCube([added, ...data.dimensions], cells, data.nodata);
  },
};

const drop: Process = {
  id: 'drop_dimension',
  summary: 'Remove a dimension',
  description: 'It must have one label only; the values stay.',
  categories: cubes,
  parameters: [dataParameter, required('name', 'Name of the dimension.', aText)],
  returns,
  exceptions: ['DimensionLabelCountMismatch', 'DimensionNotAvailable'],
  run: (args) => {
    const data = cube(args, 'data');
    const axis = axisOf(data, text(args, 'name'));
    const count = data.dimensions[axis]!.labels.length;
    if (count !== 1) throw exception('DimensionLabelCountMismatch', `It has ${count}.`);
    const left = replaceAt(data.dimensions, axis);
    return left.length === 0
      ? makeCube(
          [],
          makeCells(0, () => null),
          data.nodata,
        )
      : withDimensions(data, left);
  },
};

const rename: Process = {
  id: 'rename_dimension',
  summary: 'Rename a dimension',
  description: 'Its type, labels and values stay.',
  categories: cubes,
  parameters: [
    dataParameter,
    required('source', 'The name it has.', aText),
    required('target', 'The name it gets.', aText),
  ],
  returns,
  exceptions: ['DimensionNotAvailable', 'DimensionExists'],
  run: (args) => {
    const [data, target] = [cube(args, 'data'), text(args, 'target')];
    const axis = axisOf(data, text(args, 'source'));
    refuseTaken(data, target);
    return withDimensions(
      data,
      replaceAt(data.dimensions, axis, { ...data.dimensions[axis]!, name: target }),
    );
  },
};

/** New labels in place of some; null keeps the label. */
function renamed(
  old: readonly Label[],
  source: readonly Label[],
  target: readonly Label[],
): readonly Label[] {
  if (source.length !== target.length)
    throw exception('LabelMismatch', `${source.length} and ${target.length}.`);
  const absent = source.find((label) => !old.includes(label));
  if (absent !== undefined) throw exception('LabelNotAvailable', `It is ${JSON.stringify(absent)}.`);
  const replacement = new Map(source.map((label, i) => [label, target[i]!]));
  const made = old.map((label) => replacement.get(label) ?? label);
  const taken = made.find((label, i) => made.indexOf(label) !== i);
  if (taken !== undefined) throw exception('LabelExists', `It is ${JSON.stringify(taken)}.`);
  return made;
}

function enumerated(old: readonly Label[], target: readonly Label[]): readonly Label[] {
  if (old.some((label, i) => label !== i)) throw exception('LabelsNotEnumerated');
  if (target.length > old.length) throw exception('LabelMismatch', `${old.length} and ${target.length}.`);
  return old.slice(0, target.length);
}

const renameLabels: Process = {
  id: 'rename_labels',
  summary: 'Rename labels of a dimension',
  description:
    'Their order and values stay. Without old names given, labels that are 0, 1, 2, ... are taken in order.',
  categories: cubes,
  parameters: [
    dataParameter,
    required('dimension', 'Name of the dimension.', aText),
    required('target', 'The new names.', labelList),
    optional('source', 'The old names, in the same order.', labelList, []),
  ],
  returns,
  exceptions: [
    'LabelsNotEnumerated',
    'LabelMismatch',
    'LabelNotAvailable',
    'LabelExists',
    'DimensionNotAvailable',
  ],
  run: (args) => {
    const [data, target, source] = [cube(args, 'data'), labels(args, 'target'), labels(args, 'source')];
    const axis = axisOf(data, text(args, 'dimension'));
    const dimension = data.dimensions[axis]!;
    const from = source.length === 0 ? enumerated(dimension.labels, target) : source;
    const made = relabelled(dimension, renamed(dimension.labels, from, target));
    return withDimensions(data, replaceAt(data.dimensions, axis, made));
  },
};

function labelsOfDimension(args: Arguments) {
  const data = cube(args, 'data');
  const dimension = data.dimensions[axisOf(data, text(args, 'dimension'))]!;
  return dimension.labels.map((label) =>
    dimension.type === 'temporal' && typeof label === 'string' && /T\d/.test(label) ? temporal(label) : label,
  );
}

const dimensionLabels: Process = {
  id: 'dimension_labels',
  summary: 'Labels of a dimension',
  description: 'In the order of the data cube.',
  categories: cubes,
  parameters: [dataParameter, required('dimension', 'Name of the dimension.', aText)],
  returns: { description: 'The labels.', schema: { type: 'array', items: aLabel } },
  exceptions: ['DimensionNotAvailable'],
  run: labelsOfDimension,
};

/** Cells of one dimension's several, written as `a~b`. */
const flatten: Process = {
  id: 'flatten_dimensions',
  summary: 'Several dimensions as one',
  description: 'Its labels are those of the dimensions, joined; the first varies slowest. It comes last.',
  categories: cubes,
  parameters: [
    dataParameter,
    required('dimensions', 'Names of the dimensions, in the order of the joined labels.', {
      type: 'array',
      items: aText,
      uniqueItems: true,
      minItems: 1,
    }),
    required('target_dimension', 'Name of the new dimension.', aText),
    optional('label_separator', 'What stands between joined labels.', aText, '~'),
  ],
  returns,
  exceptions: ['DimensionNotAvailable', 'TargetDimensionExists'],
  experimental: true,
  run: (args) => {
    const [data, name, separator] = [
      cube(args, 'data'),
      text(args, 'target_dimension'),
      text(args, 'label_separator'),
    ];
    const axes = labels(args, 'dimensions').map((dimension) => axisOf(data, String(dimension)));
    const kept = data.dimensions.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    if (kept.some((axis) => data.dimensions[axis]!.name === name)) throw exception('TargetDimensionExists');
    const order = [...kept, ...axes];
    const moved = transpose(data, order);
    const joined = axes.reduce<readonly string[]>(
      (made, axis) =>
        made.flatMap((head) =>
          data.dimensions[axis]!.labels.map((label) =>
            head === '' ? `${label}` : `${head}${separator}${label}`,
          ),
        ),
      [''],
    );
    if (new Set(joined).size !== joined.length) {
      throw openeoError('ProcessParameterInvalid', 'The joined labels are not distinct.', {
        fix: 'Choose another separator.',
      });
    }
    const flat: Dimension = { name, type: 'other', labels: joined };
    return withDimensions(moved, [...kept.map((axis) => data.dimensions[axis]!), flat]);
  },
};

/** The cube with its dimensions in this order. */
export function transpose(from: Cube, order: readonly number[]): Cube {
  const dimensions = order.map((axis) => from.dimensions[axis]!);
  const strides = new Array<number>(from.dimensions.length).fill(1);
  for (let i = strides.length - 2; i >= 0; i--)
    strides[i] = strides[i + 1]! * from.dimensions[i + 1]!.labels.length;
  const at = new Array<number>(order.length).fill(0);
  let place = 0;
  const read = makeCells(from.cells.values.length, () => {
    const cell =
      from.cells.kind === 'mixed'
        ? from.cells.values[place]!
        : from.cells.missing[place] === 1
          ? null
          : from.cells.values[place]!;
    for (let i = order.length - 1; i >= 0; i--) {
      const stride = strides[order[i]!]!;
      place += stride;
      at[i] = at[i]! + 1;
      if (at[i]! < dimensions[i]!.labels.length) break;
      place -= stride * at[i]!;
      at[i] = 0;
    }
    return cell;
  });
  return makeCube(dimensions, read, from.nodata);
}

/** Dimensions and their labels; values stay as they are. */
export const dimensionProcesses: readonly Process[] = [
  create,
  add,
  drop,
  rename,
  renameLabels,
  dimensionLabels,
  flatten,
];
