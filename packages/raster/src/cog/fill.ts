import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { OpenImage, RasterImage, Samples } from '../image.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { ImageSet } from '../process/image-set.ts';
import { addCounts, checkWork, computePart, noPixels, partsOf } from '../process/process-window.ts';
import type { ProductWork } from '../process/work.ts';
import type { Workspace } from '../process/workspace.ts';
import { intersect } from '../warp/positions.ts';
import { BYTES_PER_SAMPLE, nodataNumber, sampleCode } from './samples.ts';
import type { CogSpec, ReadPlanes } from './spec.ts';
import { clearCell, type FillCell } from './unit-maker.ts';

/** A file that holds a part of the image: stored samples in the type and with the nodata of the image. */
export interface StoredPart {
  readonly path: string;
  /** Pixels of the image that the file covers. */
  readonly window: PixelWindow;
}

/** Cells of values that a caller computes. Pixels are not counted. */
export function fillFromPlanes(space: KernelSpace, spec: CogSpec, read: ReadPlanes): FillCell {
  return async (window, targets) => {
    const pixels = window.width * window.height;
    const planes = await read(window);
    if (planes.length !== spec.bands.length || planes.some((plane) => plane.length !== pixels)) {
      throw new SwathError(
        'Bug',
        `the writer asked for ${spec.bands.length} planes of ${pixels} pixels and got ${planes.length} of ` +
          `${planes.map((plane) => plane.length).join(', ')}`,
      );
    }
    const mark = space.mark();
    const values = space.take(4 * pixels);
    for (const [band, plane] of planes.entries()) {
      space.singles(values, pixels).set(plane);
      quantise(space, spec, band, values, pixels, targets[band]!);
    }
    space.release(mark);
    return { counts: noPixels, pixels: 'some' };
  };
}

function quantise(
  space: KernelSpace,
  spec: CogSpec,
  band: number,
  values: number,
  pixels: number,
  to: number,
): void {
  const { stored } = spec.bands[band]!;
  const { scale, offset } = stored;
  space.kernels.quantise(values, pixels, to, sampleCode(stored), scale, offset, nodataNumber(stored));
}

/** Cells of a product, computed. */
export function fillFromWork(
  workspace: Workspace,
  spec: CogSpec,
  {
    work,
    origin,
  }: { readonly work: ProductWork; readonly origin: { readonly x: number; readonly y: number } },
  images: ImageSet,
  signal: AbortSignal | undefined,
): FillCell {
  const { space } = workspace;
  return async (cell, targets) => {
    const window = { ...cell, x: cell.x + origin.x, y: cell.y + origin.y };
    checkWork(work, window);
    let counts = noPixels;
    let isEmpty = true;
    for (const each of partsOf(work, window)) {
      const { window: rows } = each;
      const mark = space.mark();
      const part = await computePart(work, each, images, workspace, signal);
      counts = addCounts(counts, part.counts);
      // Where every pixel with data is masked, no output has a value.
      isEmpty &&= part.counts.masked === part.counts.withData;
      const skip = (rows.y - window.y) * window.width;
      for (const [band, plane] of part.planes.entries()) {
        const to = targets[band]! + skip * BYTES_PER_SAMPLE[spec.bands[band]!.stored.dtype];
        quantise(space, spec, band, plane, rows.width * rows.height, to);
      }
      space.release(mark);
    }
    return { counts, pixels: isEmpty ? 'empty' : 'some' };
  };
}

/** Cells put together from files of stored samples; where there is no file, nodata. Pixels are not counted. */
export function fillFromParts(
  space: KernelSpace,
  spec: CogSpec,
  parts: readonly StoredPart[],
  open: OpenImage,
  signal: AbortSignal | undefined,
): FillCell {
  const sampleBytes = BYTES_PER_SAMPLE[spec.bands[0]!.stored.dtype];
  return async (window, targets) => {
    const touching = parts.flatMap((part) => {
      const overlap = intersect(part.window, window);
      return overlap === null ? [] : [{ part, overlap }];
    });
    if (touching.length === 0) return { counts: noPixels, pixels: 'empty' };
    clearCell(space, spec, window, targets);
    for (const { part, overlap } of touching) {
      signal?.throwIfAborted();
      const image = await open(part.path, signal);
      try {
        for (const [band, to] of targets.entries()) {
          await copyStored(space, image, band, part.window, overlap, { at: to, window, sampleBytes });
        }
      } finally {
        await image.close();
      }
    }
    return { counts: noPixels, pixels: 'some' };
  };
}

async function copyStored(
  space: KernelSpace,
  image: RasterImage,
  band: number,
  origin: PixelWindow,
  overlap: PixelWindow,
  to: { readonly at: number; readonly window: PixelWindow; readonly sampleBytes: number },
): Promise<void> {
  const mark = space.mark();
  const { sampleBytes, window } = to;
  const source = space.take(overlap.width * overlap.height * sampleBytes);
  const request = {
    band: band + 1,
    level: 0,
    window: { ...overlap, x: overlap.x - origin.x, y: overlap.y - origin.y },
  };
  if (image.readInto !== undefined) await image.readInto(request, { space, at: source });
  else {
    const { data }: { readonly data: Samples } = await image.readWindow(request);
    space.bytes(source, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const start = (overlap.y - window.y) * window.width + (overlap.x - window.x);
  space.kernels.interleave(
    source,
    overlap.width * sampleBytes,
    overlap.width,
    overlap.height,
    to.at + start * sampleBytes,
    window.width * sampleBytes,
    1,
    sampleBytes,
  );
  space.release(mark);
}
