import { type CrsId, crsTransformer, projectBbox } from '@swath/geo';
import { invalidParameter } from '../../exceptions.ts';
import { MAX_CUBE_CELLS } from '../../limits.ts';
import { optional, type Process, required } from '../../registry/definition.ts';
import { aNumber, aText, oneOf, spatialCube } from '../../registry/schema.ts';
import { cellAt, makeCells } from '../../values/cells.ts';
import { checkCubeSize, makeCube } from '../../values/cube.ts';
import { any, cube, text } from '../../values/read.ts';
import { type Cube, type Dimension, isArray, type Scalar } from '../../values/value.ts';
import { transpose } from './dimensions.ts';
import { crsOf, type Plane, planeOf } from './plane.ts';

/** Pixel centres that values are brought to. */
interface Target {
  readonly x: Dimension;
  readonly y: Dimension;
  readonly crs: CrsId;
}

const centres = ({ labels }: Dimension): readonly number[] => labels.map(Number);

/** Equal distance of centres; of a single one there is none. @throws SwathError ProcessParameterInvalid */
function stepOf(process: string, coordinates: readonly number[]): number {
  const [first, last] = [coordinates[0], coordinates.at(-1)];
  if (first !== undefined && last !== undefined && coordinates.length > 1 && first !== last)
    return (last - first) / (coordinates.length - 1);
  throw invalidParameter(process, 'data', 'it needs at least 2 x 2 pixels');
}

/** Where the centres of the target are among those of the source, in source pixels: 0 is the centre of the first. */
function positionsOf(process: string, source: Plane, target: Target) {
  const [x, y] = [centres(target.x), centres(target.y)];
  const [stepX, stepY] = [stepOf(process, source.x), stepOf(process, source.y)];
  const { forward } = crsTransformer(target.crs, source.crs);
  const count = x.length * y.length;
  const [columns, rows] = [new Float64Array(count), new Float64Array(count)];
  let at = 0;
  for (const py of y)
    for (const px of x) {
      const [sx, sy] = forward(px, py);
      columns[at] = (sx - source.x[0]!) / stepX;
      rows[at] = (sy - source.y[0]!) / stepY;
      at += 1;
    }
  const middle = Math.floor(y.length / 2) * x.length;
  const last = count - x.length + Math.floor(x.length / 2);
  const ratio = (from: number, to: number, steps: number) => (steps > 0 ? Math.abs(to - from) / steps : 1);
  return {
    columns,
    rows,
    scaleX: ratio(columns[middle]!, columns[middle + x.length - 1]!, x.length - 1),
    scaleY: ratio(rows[Math.floor(x.length / 2)]!, rows[last]!, y.length - 1),
  };
}

type Positions = ReturnType<typeof positionsOf>;
type Sample = (at: (row: number, column: number) => Scalar, pixel: number) => Scalar;

/** A position on an edge belongs to the pixel right of or below it. */
function nearest({ columns, rows }: Positions): Sample {
  return (at, pixel) => at(Math.floor(rows[pixel]! + 0.5), Math.floor(columns[pixel]! + 0.5));
}

/**
 * Weights fall from 1 at the position to 0 one source pixel away, or one target pixel where those are larger, as gdalwarp's do
 * since GDAL 2.0. Missing pixels take no part, and where the pixel at the position is missing there is no data.
 */
function bilinear({ columns, rows, scaleX, scaleY }: Positions, width: number, height: number): Sample {
  const [reachX, reachY] = [Math.max(1, scaleX), Math.max(1, scaleY)];
  return (at, pixel) => {
    const [column, row] = [columns[pixel]!, rows[pixel]!];
    if (at(Math.floor(row + 0.5), Math.floor(column + 0.5)) === null) return null;
    let [sum, weights] = [0, 0];
    for (let r = Math.max(0, Math.ceil(row - reachY)); r <= Math.min(height - 1, row + reachY); r++) {
      const weightY = 1 - Math.abs(r - row) / reachY;
      for (let c = Math.max(0, Math.ceil(column - reachX)); c <= Math.min(width - 1, column + reachX); c++) {
        const value = at(r, c);
        if (typeof value !== 'number' || Number.isNaN(value)) continue;
        const weight = weightY * (1 - Math.abs(c - column) / reachX);
        sum += weight * value;
        weights += weight;
      }
    }
    return weights > 1e-9 ? sum / weights : null;
  };
}

/** The cube on other pixels; its other dimensions stay. */
function resampled(process: string, data: Cube, target: Target, method: string): Cube {
  const plane = planeOf(process, data);
  const [width, height] = [plane.x.length, plane.y.length];
  const dimensions = data.dimensions.map((dimension, axis) =>
    axis === plane.xAxis
      ? { ...target.x, name: dimension.name }
      : axis === plane.yAxis
        ? { ...target.y, name: dimension.name }
        : dimension,
  );
  checkCubeSize(dimensions);
  const positions = positionsOf(process, plane, target);
  const sample = method === 'near' ? nearest(positions) : bilinear(positions, width, height);
  const others = data.dimensions
    .map((_, axis) => axis)
    .filter((axis) => axis !== plane.xAxis && axis !== plane.yAxis);
  const order = [...others, plane.yAxis, plane.xAxis];
  const { cells } = transpose(data, order);
  const pixels = target.x.labels.length * target.y.labels.length;
  const layers = others.reduce((count, axis) => count * data.dimensions[axis]!.labels.length, 1);
  let layer = 0;
  const at = (row: number, column: number): Scalar =>
    row >= 0 && row < height && column >= 0 && column < width
      ? cellAt(cells, (layer * height + row) * width + column)
      : null;
  const made = makeCells(layers * pixels, (i) => {
    layer = Math.floor(i / pixels);
    return sample(at, i % pixels);
  });
  const moved = makeCube(
    order.map((axis) => dimensions[axis]!),
    made,
    data.nodata,
  );
  return transpose(
    moved,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

const dataParameter = required('data', 'The data cube.', spatialCube);

const resampleCubeSpatial: Process = {
  id: 'resample_cube_spatial',
  summary: 'The pixels of another data cube',
  description:
    'Brings x and y to those of the target, with its CRS and pixel centres; other dimensions stay.',
  categories: ['cubes', 'reproject'],
  parameters: [
    dataParameter,
    required('target', 'The data cube whose pixels are wanted.', spatialCube),
    optional('method', 'How values between pixels are made.', oneOf('near', 'bilinear'), 'near'),
  ],
  returns: { description: 'The data cube on the other pixels.', schema: spatialCube },
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const id = 'resample_cube_spatial';
    const wanted = cube(args, 'target');
    const { xAxis, yAxis, crs } = planeOf(id, wanted);
    const [x, y] = [wanted.dimensions[xAxis]!, wanted.dimensions[yAxis]!];
    return resampled(id, cube(args, 'data'), { x, y, crs }, text(args, 'method'));
  },
};

/** Centres of pixels of this size over an extent, from the corner that stays. */
function axisOver(
  name: 'x' | 'y',
  [low, high]: readonly [number, number],
  size: number,
  anchor: 'low' | 'high',
  crs: CrsId,
): Dimension {
  // As gdalwarp -tr: half a pixel more or less at the other end.
  const count = Math.max(1, Math.round((high - low) / size));
  const start = anchor === 'low' ? low : high - count * size;
  const labels = Array.from({ length: count }, (_, i) => start + (i + 0.5) * size);
  return {
    name,
    type: 'spatial',
    axis: name,
    labels: name === 'x' ? labels : labels.reverse(),
    referenceSystem: crs,
  };
}

const resampleSpatial: Process = {
  id: 'resample_spatial',
  summary: 'Another pixel grid',
  description:
    'Brings pixels to another CRS, size, or both. Right behind the loading of imagery all methods are there; anywhere else near and bilinear.',
  categories: ['cubes', 'reproject'],
  parameters: [
    dataParameter,
    optional(
      'resolution',
      'Size of a pixel in units of the CRS; 0 keeps it.',
      [
        { ...aNumber, minimum: 0 },
        { type: 'array', items: { ...aNumber, minimum: 0 }, minItems: 2, maxItems: 2 },
      ],
      0,
    ),
    optional(
      'projection',
      'CRS, by its EPSG code; null keeps it.',
      [{ type: 'integer', subtype: 'epsg-code', minimum: 1000 }, aText, { type: 'null' }],
      null,
    ),
    optional(
      'method',
      'How values between pixels are made.',
      oneOf('near', 'bilinear', 'cubic', 'average', 'mode', 'min', 'max'),
      'near',
    ),
    optional(
      'align',
      'Which corner of the grid stays.',
      oneOf('upper-left', 'lower-left', 'lower-right', 'upper-right'),
      'upper-left',
    ),
  ],
  returns: { description: 'The data cube on the other grid.', schema: spatialCube },
  exceptions: ['DimensionNotAvailable'],
  run: (args) => {
    const id = 'resample_spatial';
    const [data, method, align] = [cube(args, 'data'), text(args, 'method'), text(args, 'align')];
    if (method !== 'near' && method !== 'bilinear')
      throw invalidParameter(
        id,
        'method',
        'here it is near or bilinear; others stand right behind load_collection',
      );
    const plane = planeOf(id, data);
    const projection = any(args, 'projection');
    const crs =
      typeof projection === 'number' || typeof projection === 'string' ? crsOf(projection) : plane.crs;
    const [stepX, stepY] = [stepOf(id, plane.x), stepOf(id, plane.y)].map(Math.abs) as [number, number];
    const ends = (values: readonly number[], step: number) =>
      [
        Math.min(values[0]!, values.at(-1)!) - step / 2,
        Math.max(values[0]!, values.at(-1)!) + step / 2,
      ] as const;
    const [[west, east], [south, north]] = [ends(plane.x, stepX), ends(plane.y, stepY)];
    const [minX, minY, maxX, maxY] =
      crs === plane.crs
        ? [west, south, east, north]
        : projectBbox([west, south, east, north], plane.crs, crs);
    const given = any(args, 'resolution');
    const [askedX, askedY] = (isArray(given) ? given : [given, given]).map(Number) as [number, number];
    // As gdalwarp: the diagonal has as many pixels as before.
    const square = Math.hypot(maxX - minX, maxY - minY) / Math.hypot(plane.x.length, plane.y.length);
    const [ownX, ownY] = crs === plane.crs ? [stepX, stepY] : [square, square];
    const [vertical, horizontal] = align.split('-');
    const [sizeX, sizeY] = [askedX > 0 ? askedX : ownX, askedY > 0 ? askedY : ownY];
    if (((maxX - minX) / sizeX) * ((maxY - minY) / sizeY) > MAX_CUBE_CELLS)
      throw invalidParameter(id, 'resolution', 'it makes too many pixels');
    const x = axisOver('x', [minX, maxX], sizeX, horizontal === 'left' ? 'low' : 'high', crs);
    const y = axisOver('y', [minY, maxY], sizeY, vertical === 'lower' ? 'low' : 'high', crs);
    return resampled(id, data, { x, y, crs }, method);
  },
};

/** What brings cubes to other pixels. */
export const resampleProcesses: readonly Process[] = [resampleCubeSpatial, resampleSpatial];
