import { SwathError } from '@swath/core';
import type { Grid } from '@swath/geo';
import { type Cube, cellAt, type Dimension, makeCube } from '@swath/graph';
import type { ProductPlan, RequestPlan } from '@swath/requests';
import type { InlineCompute } from './service.ts';

/** Bands on a pixel grid, row-major, NaN is no data. */
export interface Planes {
  readonly grid: Grid;
  readonly names: readonly string[];
  readonly planes: readonly Float32Array[];
}

/** All pixels of one product. */
export async function planesOf(
  { work }: Pick<ProductPlan, 'work'>,
  { processWindow }: Pick<InlineCompute, 'processWindow'>,
  signal: AbortSignal,
): Promise<Planes> {
  const { grid } = work;
  const window = { x: 0, y: 0, width: grid.width, height: grid.height };
  const { planes } = await processWindow(work, window, signal);
  return { grid, names: work.outputs.map(({ name }) => name), planes };
}

const epsg = (crs: string): number | string => {
  const code = /^EPSG:(\d+)$/.exec(crs)?.[1];
  return code === undefined ? crs : Number(code);
};

/** Centres of pixels, `origin + (i + 0.5) * step`. */
const centres = (origin: number, step: number, count: number) =>
  Array.from({ length: count }, (_, i) => origin + (i + 0.5) * step);

/** The imagery of a plan as a cube with t, bands, y and x: one date after the other. */
export async function readCube(
  plan: RequestPlan,
  compute: InlineCompute,
  signal: AbortSignal,
): Promise<Cube> {
  const [first] = plan.products;
  if (first === undefined) throw new SwathError('Bug', 'a plan without a product');
  const { grid, outputs } = first.work;
  const pixels = grid.width * grid.height;
  const values = new Float64Array(plan.products.length * outputs.length * pixels);
  let at = 0;
  for (const product of plan.products) {
    const { planes } = await planesOf(product, compute, signal);
    for (const plane of planes) {
      values.set(plane, at);
      at += pixels;
    }
  }
  const missing = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) missing[i] = 1;
  const [west, width, , north, , height] = grid.geotransform;
  const referenceSystem = epsg(grid.crs);
  const dimensions: readonly Dimension[] = [
    { name: 't', type: 'temporal', labels: plan.products.map(({ start, label }) => start ?? label) },
    { name: 'bands', type: 'bands', labels: outputs.map(({ name }) => name) },
    { name: 'y', type: 'spatial', axis: 'y', labels: centres(north, height, grid.height), referenceSystem },
    { name: 'x', type: 'spatial', axis: 'x', labels: centres(west, width, grid.width), referenceSystem },
  ];
  return makeCube(dimensions, { kind: 'number', values, missing });
}

function unsuitable(message: string, fix: string): SwathError {
  return new SwathError('InvalidInput', message, { reason: 'FormatUnsuitable', fix });
}

/** Pixels lie at equal distances: the first and the last tell them. */
function stepOf({ labels, name }: Dimension): { readonly first: number; readonly step: number } {
  const [first, last] = [labels[0], labels.at(-1)];
  if (typeof first !== 'number' || typeof last !== 'number' || labels.length < 2)
    throw unsuitable(
      `The dimension ${name} is no row of pixels.`,
      'Keep at least 2 x 2 pixels, or save as JSON.',
    );
  return { first, step: (last - first) / (labels.length - 1) };
}

/**
 * A cube as bands on a grid: x, y, and at most bands besides; time with one date.
 * @throws SwathError InvalidInput, FormatUnsuitable.
 */
export function cubePlanes(cube: Cube): Planes {
  const axisOf = (axis: 'x' | 'y') =>
    cube.dimensions.findIndex((one) => one.type === 'spatial' && (one.axis ?? one.name) === axis);
  const [x, y] = [axisOf('x'), axisOf('y')];
  const bands = cube.dimensions.findIndex(({ type }) => type === 'bands');
  const other = cube.dimensions.find(
    ({ labels }, i) => i !== x && i !== y && i !== bands && labels.length !== 1,
  );
  if (other !== undefined)
    throw unsuitable(
      `The result has ${other.labels.length} labels in "${other.name}": one file cannot hold them.`,
      'Reduce the dimension, choose one date, save as JSON, or use a batch job.',
    );
  const [across, down] = [cube.dimensions[x], cube.dimensions[y]];
  if (across === undefined || down === undefined)
    throw unsuitable('The result has no x and y.', 'Save it as JSON.');
  const [column, row] = [stepOf(across), stepOf(down)];
  if (column.step <= 0 || row.step >= 0)
    throw unsuitable('The result is not in the order of a picture.', 'Save it as JSON.');
  const crs = across.referenceSystem;
  const names = bands < 0 ? ['result'] : cube.dimensions[bands]!.labels.map(String);
  const [width, height] = [across.labels.length, down.labels.length];
  const strides = stridesOf(cube);
  const planes = names.map((_, band) => {
    const plane = new Float32Array(width * height);
    const from = bands < 0 ? 0 : band * strides[bands]!;
    for (let r = 0, at = 0; r < height; r++)
      for (let c = 0; c < width; c++, at++)
        plane[at] = numberOf(cellAt(cube.cells, from + r * strides[y]! + c * strides[x]!));
    return plane;
  });
  return {
    grid: {
      crs: typeof crs === 'number' ? `EPSG:${crs}` : (crs ?? 'EPSG:4326'),
      geotransform: [column.first - column.step / 2, column.step, 0, row.first - row.step / 2, 0, row.step],
      width,
      height,
    },
    names,
    planes,
  };
}

function stridesOf({ dimensions }: Cube): readonly number[] {
  const strides = new Array<number>(dimensions.length).fill(1);
  for (let i = dimensions.length - 2; i >= 0; i--)
    strides[i] = strides[i + 1]! * dimensions[i + 1]!.labels.length;
  return strides;
}

const numberOf = (cell: ReturnType<typeof cellAt>): number =>
  typeof cell === 'number' ? cell : typeof cell === 'boolean' ? Number(cell) : Number.NaN;
