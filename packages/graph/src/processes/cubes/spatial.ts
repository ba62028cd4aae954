import { projectBbox } from '@swath/geo';
import { exception, invalidParameter, openeoError } from '../../exceptions.ts';
import { MAX_KERNEL_WORK } from '../../limits.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import { aBoolean, aNumber, geoJson, oneOf, scalarOrNull, spatialCube } from '../../registry/schema.ts';
import { type Cells, cellAt, makeCells } from '../../values/cells.ts';
import { lanesOf, makeCube, select, stridesOf, withCells } from '../../values/cube.ts';
import { type Arguments, any, cube, flag, list, number } from '../../values/read.ts';
import { type Cube, isArray, isPlainObject, isScalar, type Scalar, type Value } from '../../values/value.ts';
import { transpose } from './dimensions.ts';
import { boundingBox } from './extents.ts';
import { crsOf, type Plane, pixelOfCell, pixelsWithin, planeOf } from './plane.ts';

const returns = { description: 'The changed data cube.', schema: spatialCube };
const dataParameter = required('data', 'The data cube.', spatialCube);
const replacementParameter = optional(
  'replacement',
  'What takes the place; null for no data.',
  scalarOrNull,
  null,
);

/** Keeps pixels from the first to the last inside, in both directions. */
function cropped(
  data: Cube,
  plane: Plane,
  keepX: (x: number, i: number) => boolean,
  keepY: (y: number, i: number) => boolean,
): Cube {
  const kept = (values: readonly number[], keep: (value: number, i: number) => boolean) =>
    values.flatMap((value, i) => (keep(value, i) ? [i] : []));
  return select(select(data, plane.xAxis, kept(plane.x, keepX)), plane.yAxis, kept(plane.y, keepY));
}

const filterBbox: Process = {
  id: 'filter_bbox',
  summary: 'Keep a bounding box',
  description:
    'Pixels whose centre is within the box, edges included, after the box is brought to the CRS of the cube.',
  categories: ['cubes', 'filter'],
  parameters: [
    dataParameter,
    required('extent', 'The box, in longitude and latitude or another CRS.', boundingBox),
  ],
  returns,
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const [data, extent] = [cube(args, 'data'), any(args, 'extent')];
    const plane = planeOf('filter_bbox', data);
    const box = isPlainObject(extent) ? extent : {};
    const [west, south, east, north] = ['west', 'south', 'east', 'north'].map((side) =>
      Number(box[side]),
    ) as [number, number, number, number];
    const given = box['crs'] ?? null;
    const crs = crsOf(typeof given === 'number' || typeof given === 'string' ? given : 4326);
    if (west > east || south > north)
      throw invalidParameter('filter_bbox', 'extent', 'west is east of east, or south north of north');
    const [minX, minY, maxX, maxY] = projectBbox([west, south, east, north], crs, plane.crs);
    return cropped(
      data,
      plane,
      (x) => x >= minX && x <= maxX,
      (y) => y >= minY && y <= maxY,
    );
  },
};

/** Cells whose pixel is marked get another value. */
function replaced(data: Cube, plane: Plane, isReplaced: (pixel: number) => boolean, value: Scalar): Cells {
  const pixelOf = pixelOfCell(data, plane);
  return makeCells(data.cells.values.length, (i) => {
    const cell = cellAt(data.cells, i);
    return cell !== null && isReplaced(pixelOf(i)) ? value : cell;
  });
}

const filterSpatial: Process = {
  id: 'filter_spatial',
  summary: 'Keep an area',
  description:
    'Pixels whose centre is in a polygon. Others become no data, and rows and columns beyond the polygons go.',
  categories: ['cubes', 'filter'],
  parameters: [dataParameter, required('geometries', 'Polygons as GeoJSON.', geoJson)],
  returns,
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const data = cube(args, 'data');
    const plane = planeOf('filter_spatial', data);
    const inside = pixelsWithin('filter_spatial', 'geometries', plane, any(args, 'geometries'));
    const width = plane.x.length;
    const columns = plane.x.map((_, column) => plane.y.some((__, row) => inside[row * width + column] === 1));
    const rows = plane.y.map((_, row) => plane.x.some((__, column) => inside[row * width + column] === 1));
    const span = (marks: readonly boolean[]) => [marks.indexOf(true), marks.lastIndexOf(true)] as const;
    const [[firstX, lastX], [firstY, lastY]] = [span(columns), span(rows)];
    const masked = withCells(
      data,
      replaced(data, plane, (pixel) => inside[pixel] === 0, null),
    );
    return cropped(
      masked,
      plane,
      (_, i) => firstX >= 0 && i >= firstX && i <= lastX,
      (_, i) => firstY >= 0 && i >= firstY && i <= lastY,
    );
  },
};

/** The replacement as a cell. */
function replacementOf(args: Arguments): Scalar {
  const value = any(args, 'replacement');
  return isScalar(value) ? value : null;
}

const maskPolygon: Process = {
  id: 'mask_polygon',
  summary: 'Mask by an area',
  description: 'Replaces pixels whose centre is outside of all polygons, or inside of one; no data stays.',
  categories: ['cubes', 'masks'],
  parameters: [
    dataParameter,
    required('mask', 'Polygons as GeoJSON.', geoJson),
    replacementParameter,
    optional('inside', 'True replaces what is inside.', aBoolean, false),
  ],
  returns,
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const data = cube(args, 'data');
    const plane = planeOf('mask_polygon', data);
    const inside = pixelsWithin('mask_polygon', 'mask', plane, any(args, 'mask'));
    const wanted = flag(args, 'inside') ? 1 : 0;
    return withCells(
      data,
      replaced(data, plane, (pixel) => inside[pixel] === wanted, replacementOf(args)),
    );
  },
};

/** For each cell of `data` the cell of `mask` at the same labels; dimensions the mask lacks do not matter. */
function correspondingCells(data: Cube, mask: Cube): (cell: number) => number {
  const [strides, maskStrides] = [stridesOf(data.dimensions), stridesOf(mask.dimensions)];
  const parts = mask.dimensions.map((dimension, maskAxis) => {
    const axis = data.dimensions.findIndex(
      ({ name, type }) => name === dimension.name && type === dimension.type,
    );
    const own = data.dimensions[axis];
    if (own === undefined)
      throw exception('IncompatibleDataCubes', `The data has no "${dimension.name}" like that of the mask.`);
    const places = own.labels.map((label) => dimension.labels.indexOf(label));
    if (places.includes(-1))
      throw exception('IncompatibleDataCubes', `The labels of "${dimension.name}" differ.`);
    return {
      stride: strides[axis]!,
      length: own.labels.length,
      steps: places.map((place) => place * maskStrides[maskAxis]!),
    };
  });
  return (cell) =>
    parts.reduce((sum, { stride, length, steps }) => sum + steps[Math.floor(cell / stride) % length]!, 0);
}

const mask: Process = {
  id: 'mask',
  summary: 'Mask by another data cube',
  description:
    'Replaces values where the mask is true or a number other than zero. A dimension that the mask lacks is masked alike at all its labels.',
  categories: ['cubes', 'masks'],
  parameters: [
    dataParameter,
    required('mask', 'The mask, on the same pixels.', spatialCube),
    replacementParameter,
  ],
  returns,
  exceptions: ['IncompatibleDataCubes'],
  run: (args) => {
    const [data, by, value] = [cube(args, 'data'), cube(args, 'mask'), replacementOf(args)];
    const cellOf = correspondingCells(data, by);
    const cells = makeCells(data.cells.values.length, (i) => {
      const marked = cellAt(by.cells, cellOf(i));
      const isMasked =
        marked === true || (typeof marked === 'number' && marked !== 0 && !Number.isNaN(marked));
      return isMasked ? value : cellAt(data.cells, i);
    });
    return withCells(data, cells);
  },
};

/** Rows of odd length, and an odd number of them. @throws SwathError KernelDimensionsUneven */
function kernelOf(rows: readonly Value[]): {
  readonly weights: Float64Array;
  readonly width: number;
  readonly height: number;
} {
  const parsed = rows.map((row) => (isArray(row) ? row.map(Number) : []));
  const width = parsed[0]?.length ?? 0;
  if (width % 2 === 0 || parsed.length % 2 === 0 || parsed.some((row) => row.length !== width)) {
    throw exception('KernelDimensionsUneven');
  }
  return { weights: Float64Array.from(parsed.flat()), width, height: parsed.length };
}

/** Where a position beyond the edge is read: -1 for the constant border. */
const borders: Readonly<Record<string, (at: number, length: number) => number>> = {
  replicate: (at, length) => Math.min(Math.max(at, 0), length - 1),
  reflect: (at, length) =>
    folded(at, 2 * length, (place) => (place < length ? place : 2 * length - 1 - place)),
  reflect_pixel: (at, length) =>
    length === 1
      ? 0
      : folded(at, 2 * length - 2, (place) => (place < length ? place : 2 * length - 2 - place)),
  wrap: (at, length) => folded(at, length, (place) => place),
};

function folded(at: number, period: number, unfold: (place: number) => number): number {
  return unfold(((at % period) + period) % period);
}

const constantBorder = (at: number, length: number): number => (at >= 0 && at < length ? at : -1);

const applyKernel: Process = {
  id: 'apply_kernel',
  summary: 'Weighted sum of the neighbourhood',
  description:
    'Each pixel becomes the sum of its neighbours times the weights at their place, times the factor.',
  categories: ['cubes', 'math > image filter'],
  parameters: [
    dataParameter,
    required('kernel', 'Rows of weights, odd in number and length; the middle is the pixel itself.', {
      type: 'array',
      subtype: 'kernel',
      items: { type: 'array', items: aNumber },
    }),
    optional('factor', 'The sum is multiplied by it.', aNumber, 1),
    optional(
      'border',
      'What is beyond the edge: a number, or how the image goes on.',
      [oneOf(...Object.keys(borders)), aNumber],
      0,
    ),
    optional('replace_invalid', 'Taken for no data, NaN, infinities and texts.', aNumber, 0),
  ],
  returns,
  exceptions: ['KernelDimensionsUneven', 'DimensionNotAvailable'],
  run: (args) => {
    const [data, border] = [cube(args, 'data'), any(args, 'border')];
    const { weights, width, height } = kernelOf(list(args, 'kernel'));
    const plane = planeOf('apply_kernel', data);
    if (weights.length * data.cells.values.length > MAX_KERNEL_WORK) {
      throw openeoError(
        'ProcessGraphComplexity',
        `A kernel of ${weights.length} weights is too much for ${data.cells.values.length} cells.`,
      );
    }
    const others = data.dimensions
      .map((_, axis) => axis)
      .filter((axis) => axis !== plane.xAxis && axis !== plane.yAxis);
    const order = [...others, plane.yAxis, plane.xAxis];
    const moved = transpose(data, order);
    const input = Float64Array.from({ length: moved.cells.values.length }, (_, i) => {
      const cell = cellAt(moved.cells, i);
      if (typeof cell === 'boolean') return cell ? 1 : 0;
      return typeof cell === 'number' && Number.isFinite(cell) ? cell : number(args, 'replace_invalid');
    });
    const { length: columns } = lanesOf(moved.dimensions, order.length - 1);
    const { length: rows } = lanesOf(moved.dimensions, order.length - 2);
    const place = typeof border === 'string' ? borders[border]! : constantBorder;
    const [outside, factor] = [typeof border === 'number' ? border : 0, number(args, 'factor')];
    const cells = makeCells(input.length, (i) => {
      const [column, row] = [i % columns, Math.floor(i / columns) % rows];
      const start = i - row * columns - column;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        const r = place(row + Math.floor(k / width) - (height >> 1), rows);
        const c = place(column + (k % width) - (width >> 1), columns);
        sum += weights[k]! * (r < 0 || c < 0 ? outside : input[start + r * columns + c]!);
      }
      return sum * factor;
    });
    const back = order.map((_, axis) => order.indexOf(axis));
    return transpose(makeCube(moved.dimensions, cells, data.nodata), back);
  },
};

/** What looks at pixels in the plane. */
export const spatialProcesses: readonly Process[] = [
  filterBbox,
  filterSpatial,
  mask,
  maskPolygon,
  applyKernel,
];
