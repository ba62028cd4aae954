import { SwathError } from '@swath/core';
import { type Bounds, type Grid, gridBounds, parseCrs, projectBbox, WGS84 } from '@swath/geo';
import { limitDemand } from './demand.ts';
import type { DecidedDrawing, Picture } from './draw-tile.ts';
import { PREVIEW_SIDE_DEFAULT, PREVIEW_SIDE_MAX } from './limits.ts';
import { paint } from './paint.ts';
import { type Picturable, readAll } from './read.ts';

/** What a preview shows and how large it is; text as it came. Names are TiTiler's. */
export interface PreviewParams {
  readonly width?: string | undefined;
  readonly height?: string | undefined;
  readonly max_size?: string | undefined;
  /** `west,south,east,north`, degrees. */
  readonly bbox?: string | undefined;
  readonly dst_crs?: string | undefined;
}

function side(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= PREVIEW_SIDE_MAX) return value;
  throw new SwathError('InvalidInput', `${name}=${text.slice(0, 20)} is not possible.`, {
    pointer: `/${name}`,
    fix: `Ask for 1 to ${PREVIEW_SIDE_MAX} pixels.`,
  });
}

function parseBbox(text: string): Bounds {
  const numbers = text
    .split(',')
    .map((part) => (/^[+-]?\d{1,3}(\.\d{1,15})?$/.test(part) ? Number(part) : Number.NaN));
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = numbers;
  const inside = west >= -180 && east <= 180 && south >= -90 && north <= 90;
  if (numbers.length === 4 && inside && west < east && south < north) return [west, south, east, north];
  throw new SwathError('InvalidInput', `bbox=${text.slice(0, 80)} is not a box.`, {
    pointer: '/bbox',
    fix: 'Give west,south,east,north in degrees; a box over the antimeridian is two pictures.',
  });
}

/**
 * The grid of a preview. Without `bbox` and `dst_crs` it is the image's own, as coarse as asked for and never finer;
 * with a `bbox` it is in degrees unless `dst_crs` says otherwise. Of `width` and `height`, one gives the other by the
 * shape of the area; without either the longer side has `max_size` pixels.
 *
 * @throws SwathError InvalidInput.
 */
export function previewGrid(source: Grid, params: PreviewParams): Grid {
  const width = side(params.width, 'width');
  const height = side(params.height, 'height');
  const maxSize = side(params.max_size, 'max_size') ?? PREVIEW_SIDE_DEFAULT;
  const own = params.bbox === undefined && params.dst_crs === undefined;
  const crs = own ? source.crs : params.dst_crs === undefined ? WGS84 : parseCrs(params.dst_crs, '/dst_crs');
  const bounds =
    params.bbox === undefined
      ? projectBbox(gridBounds(source), source.crs, crs)
      : projectBbox(parseBbox(params.bbox), WGS84, crs);
  if (!bounds.every(Number.isFinite)) {
    throw new SwathError('InvalidInput', `The area does not lie in ${crs}.`, {
      pointer: '/dst_crs',
      fix: 'Choose another dst_crs.',
    });
  }
  const shape = own
    ? { across: source.width, down: source.height }
    : { across: bounds[2] - bounds[0], down: bounds[3] - bounds[1] };
  const longest = own ? Math.min(maxSize, Math.max(source.width, source.height)) : maxSize;
  const size = sizeOf(shape, { width, height, longest });
  return own ? scaled(source, size) : bounded(crs, bounds, size);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf(
  { across, down }: { readonly across: number; readonly down: number },
  wish: { readonly width: number | undefined; readonly height: number | undefined; readonly longest: number },
): Size {
  const pixels = (count: number) => Math.min(PREVIEW_SIDE_MAX, Math.max(1, Math.round(count)));
  const { width, height, longest } = wish;
  if (width !== undefined && height !== undefined) return { width, height };
  if (width !== undefined) return { width, height: pixels((width * down) / across) };
  if (height !== undefined) return { width: pixels((height * across) / down), height };
  const scale = longest / Math.max(across, down);
  return { width: pixels(across * scale), height: pixels(down * scale) };
}

function scaled({ crs, geotransform: gt, width, height }: Grid, size: Size): Grid {
  const [x, y] = [width / size.width, height / size.height];
  return { crs, geotransform: [gt[0], gt[1] * x, gt[2] * y, gt[3], gt[4] * x, gt[5] * y], ...size };
}

function bounded(crs: string, [minX, minY, maxX, maxY]: Bounds, size: Size): Grid {
  return {
    crs,
    geotransform: [minX, (maxX - minX) / size.width, 0, maxY, 0, -(maxY - minY) / size.height],
    ...size,
  };
}

/** @throws SwathError LimitExceeded when the image lacks overviews; what reading throws. */
export async function drawGrid(
  image: Picturable,
  grid: Grid,
  drawing: DecidedDrawing,
  signal?: AbortSignal,
): Promise<Picture> {
  const pixels = grid.width * grid.height;
  limitDemand(image, grid, pixels);
  const planes = await readAll(image, drawing, grid, signal);
  const { ranges, colours } = drawing;
  return { width: grid.width, height: grid.height, rgba: paint({ planes, ranges, colours }, pixels) };
}
