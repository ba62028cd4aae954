import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import type { ExpressionKernel, KernelBand } from '../expression/kernel.ts';
import { bandsOf } from '../expression/parse.ts';
import type { KernelSpace } from '../kernels/space.ts';
import { settleAll } from '../settle.ts';
import type { GridRead } from '../warp/read-on-grid.ts';
import { type BandPlane, bandPlane } from './band-plane.ts';
import type { ImageSet } from './image-set.ts';
import { EAGER_PIXELS } from './limits.ts';
import { maskStates } from './mask.ts';
import type { BandInput, ProductOutput, ProductWork, SceneInput } from './work.ts';

/** Where and how scenes of one part of a window are computed. Addresses are of one byte a pixel. */
export interface Part {
  readonly grid: Grid;
  readonly window: PixelWindow;
  readonly outputs: readonly ProductOutput[];
  readonly resampling: ProductWork['resampling'];
  readonly space: KernelSpace;
  readonly compile: (expression: ProductOutput['expression'], bands: readonly KernelBand[]) => ExpressionKernel;
  /** 1 = inside the clip, 0 = outside and behind the last pixel. */
  readonly inside: number;
  /** What was seen of each pixel in any scene: bit 0 data, masked or not; bit 1 data that a mask keeps. */
  readonly seen: number;
  readonly images: ImageSet;
  readonly signal: AbortSignal | undefined;
}

/**
 * Computes one scene into `planes` (addresses of singles): a pixel is written where the clip and the scene's mask keep
 * it, every band of the output's expression is valid, the result is finite (x / 0 is nodata), and it has no value yet.
 *
 * The mask is read first, and no band when it keeps no pixel that still wants a value; of a small window of remote
 * images all is read at once, since a round trip costs more than bytes that may not be needed.
 *
 * @throws SwathError InvalidInput when the scene lacks a band; what reading throws.
 */
export async function addScene(part: Part, scene: SceneInput, planes: readonly number[]): Promise<void> {
  part.signal?.throwIfAborted();
  if (!wanted(part, part.inside, planes)) return;
  const { space } = part;
  const mark = space.mark();
  const early = pixelsOf(part) <= EAGER_PIXELS && isRemote(scene) ? sceneBands(part, scene) : undefined;
  // Whoever stops before the bands are needed has no use for how they ended.
  const settled = early?.catch(() => {});
  try {
    const use = await maskedUse(part, scene);
    if (use === null || !wanted(part, use, planes)) return;
    const bands = await (early ?? sceneBands(part, scene));
    part.outputs.forEach((output, index) => {
      addOutput(part, use, bands, output, planes[index]!);
    });
  } finally {
    await settled;
    space.release(mark);
  }
}

/** Whether reading the mask and then the bands would cost round trips. */
function isRemote({ mask, bands }: SceneInput): boolean {
  return (
    mask !== undefined && [mask, ...Object.values(bands)].every(({ href }) => /^(https?|s3):/i.test(href))
  );
}

async function sceneBands(part: Part, scene: SceneInput): Promise<ReadonlyMap<string, SceneBand>> {
  const names = [...new Set(part.outputs.flatMap(({ expression }) => bandsOf(expression)))];
  return new Map(
    await settleAll(names.map(async (name) => [name, await sceneBand(part, scene, name)] as const)),
  );
}

const pixelsOf = ({ window }: Part): number => window.width * window.height;

/** Whether some pixel of `use` has no value in some plane. */
function wanted(part: Part, use: number, planes: readonly number[]): boolean {
  const count = pixelsOf(part);
  return planes.some((plane) => part.space.kernels.anyMissing(use, plane, count) === 1);
}

/** Address of the pixels that clip and mask keep; null when there are none. What the mask drops is noted as seen. */
async function maskedUse(part: Part, { mask }: SceneInput): Promise<number | null> {
  if (mask === undefined) return part.inside;
  const { space } = part;
  const count = pixelsOf(part);
  const image = await part.images.open(mask.href);
  const plane = await bandPlane(
    {
      image,
      band: mask.bandIndex,
      nodata: null,
      levels: 'full',
      ...gridOf(part),
      resampling: 'nearest',
    },
    space,
  );
  const states = maskStates(space, plane, count, mask.rule, image.info.nodata);
  const use = space.take(count);
  const kept = space.kernels.applyMask(states, part.inside, count, use, part.seen);
  space.bytes(use + count, 16).fill(0);
  return kept === 0 ? null : use;
}

function gridOf({ grid, window, resampling, signal }: Part): Pick<
  GridRead,
  'grid' | 'window' | 'resampling' | 'signal'
> {
  return { grid, window, resampling, ...(signal === undefined ? {} : { signal }) };
}

interface SceneBand {
  readonly plane: BandPlane;
  readonly input: BandInput;
}

async function sceneBand(part: Part, scene: SceneInput, name: string): Promise<SceneBand> {
  const input = scene.bands[name];
  if (input === undefined) {
    throw new SwathError('InvalidInput', `Scene ${scene.id} has no band ${name}.`, {
      pointer: '/pipeline',
      fix: `Use ${Object.keys(scene.bands).join(', ') || 'a scene that has bands'}.`,
    });
  }
  const image = await part.images.open(input.href);
  const plane = await bandPlane(
    { image, band: input.bandIndex, nodata: input.nodata ?? image.info.nodata, ...gridOf(part) },
    part.space,
  );
  return { plane, input };
}

function addOutput(
  part: Part,
  use: number,
  bands: ReadonlyMap<string, SceneBand>,
  { expression }: ProductOutput,
  plane: number,
): void {
  const used = bandsOf(expression).map((name) => ({ name, ...bands.get(name)! }));
  const kernel = part.compile(
    expression,
    used.map(({ name, plane: { type, nodata }, input: { scale, offset } }) => ({
      name,
      type,
      nodata,
      scale,
      offset,
    })),
  );
  const valids = used.flatMap(({ plane: { valid } }) => (valid === undefined ? [] : [valid]));
  kernel(pixelsOf(part), {
    bands: used.map(({ plane: { at } }) => at),
    use: usable(part, use, valids),
    seen: part.seen,
    plane,
  });
}

/** `use` without the pixels that some band's image does not have. */
function usable(part: Part, use: number, valids: readonly number[]): number {
  if (valids.length === 0) return use;
  const { space } = part;
  const count = pixelsOf(part);
  const own = space.take(count);
  space.bytes(own, count + 16).set(space.bytes(use, count + 16));
  for (const valid of valids) space.kernels.andBytes(own, valid, count);
  return own;
}
