import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import type { ExpressionKernel, KernelBand } from '../expression/kernel.ts';
import { bandsOf } from '../expression/parse.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { GridRead } from '../warp/grid-plane.ts';
import { type BandPlane, bandPlanes, directRead, translatedPlane } from './band-plane.ts';
import type { ImageSet } from './image-set.ts';
import { EAGER_PIXELS } from './limits.ts';
import { maskStates } from './mask.ts';
import type { BandInput, ProductOutput, ProductWork, SceneInput } from './work.ts';

/** Where and how scenes of one part of a window are computed. Addresses are of one byte a pixel. */
export interface Part {
  readonly grid: Grid;
  readonly window: PixelWindow;
  /** The next part reads the rows below. */
  readonly inRows: boolean;
  readonly outputs: readonly ProductOutput[];
  readonly resampling: ProductWork['resampling'];
  readonly space: KernelSpace;
  readonly compile: (
    expression: ProductOutput['expression'],
    bands: readonly KernelBand[],
  ) => ExpressionKernel;
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
  try {
    // Remote headers are fetched side by side, too; nothing is read of local bands that the mask may make needless.
    const opening = isRemote(scene) ? bandReads(part, scene) : undefined;
    opening?.catch(() => {});
    const mask = await maskRead(part, scene);
    const early = await earlyBands(part, mask, opening);
    try {
      const use = await maskedUse(part, scene, mask);
      if (use === null || !wanted(part, use, planes)) return;
      const bands = await (early?.bands ?? bandPlanes(await (opening ?? bandReads(part, scene)), space));
      addOutputs(part, scene, use, bands, planes);
    } finally {
      await early?.bands.catch(() => {});
    }
  } finally {
    space.release(mark);
  }
}

/** Whether reading the mask and then the bands would cost round trips. */
function isRemote({ mask, bands }: SceneInput): boolean {
  return (
    mask !== undefined && [mask, ...Object.values(bands)].every(({ href }) => /^(https?|s3):/i.test(href))
  );
}

/** Bands that are read beside the mask: of small windows, and where none of the reads needs the space to itself. */
async function earlyBands(
  part: Part,
  mask: GridRead | undefined,
  opening: Promise<readonly GridRead[]> | undefined,
): Promise<{ readonly bands: Promise<readonly BandPlane[]> } | undefined> {
  if (opening === undefined || mask === undefined || pixelsOf(part) > EAGER_PIXELS) return undefined;
  // What keeps a band from being opened matters once the mask leaves a need for it.
  const reads = await opening.catch(() => undefined);
  if (reads === undefined || [mask, ...reads].some((read) => directRead(read) === null)) return undefined;
  const bands = bandPlanes(reads, part.space);
  // Whoever stops before the bands are needed has no use for how they ended.
  bands.catch(() => {});
  return { bands };
}

const pixelsOf = ({ window }: Part): number => window.width * window.height;

/** Whether some pixel of `use` has no value in some plane. */
function wanted(part: Part, use: number, planes: readonly number[]): boolean {
  const count = pixelsOf(part);
  return planes.some((plane) => part.space.kernels.anyMissing(use, plane, count) === 1);
}

async function maskRead(part: Part, { mask }: SceneInput): Promise<GridRead | undefined> {
  if (mask === undefined) return undefined;
  const image = await part.images.open(mask.href);
  const codes = { image, band: mask.bandIndex, nodata: null, levels: 'full' as const };
  return { ...codes, ...gridOf(part), resampling: 'nearest' };
}

/** Address of the pixels that clip and mask keep; null when there are none. What the mask drops is noted as seen. */
async function maskedUse(
  part: Part,
  { mask }: SceneInput,
  read: GridRead | undefined,
): Promise<number | null> {
  if (mask === undefined || read === undefined) return part.inside;
  const { space } = part;
  const count = pixelsOf(part);
  const { nodata } = read.image.info;
  const { at: states, valid } = await translatedPlane(read, space, (plane, pixels) =>
    maskStates(space, plane, pixels, mask.rule, nodata),
  );
  if (valid !== undefined) space.kernels.andBytes(states, valid, count);
  const use = space.take(count);
  const kept = space.kernels.applyMask(states, part.inside, count, use, part.seen);
  space.bytes(use + count, 16).fill(0);
  return kept === 0 ? null : use;
}

function gridOf({
  grid,
  window,
  inRows,
  resampling,
  signal,
}: Part): Pick<GridRead, 'grid' | 'window' | 'inRows' | 'resampling' | 'signal'> {
  return {
    grid,
    window,
    resampling,
    ...(inRows ? { inRows } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

const bandNames = ({ outputs }: Part): string[] => [
  ...new Set(outputs.flatMap(({ expression }) => bandsOf(expression))),
];

/** One read a band, in the order of {@link bandNames}. */
async function bandReads(part: Part, scene: SceneInput): Promise<readonly GridRead[]> {
  return await Promise.all(
    bandNames(part).map(async (name) => {
      const input = bandInput(scene, name);
      const image = await part.images.open(input.href);
      const nodata = input.nodata ?? image.info.nodata;
      return { image, band: input.bandIndex, nodata, ...gridOf(part) };
    }),
  );
}

function bandInput(scene: SceneInput, name: string): BandInput {
  const input = scene.bands[name];
  if (input !== undefined) return input;
  throw new SwathError('InvalidInput', `Scene ${scene.id} has no band ${name}.`, {
    pointer: '/pipeline',
    fix: `Use ${Object.keys(scene.bands).join(', ') || 'a scene that has bands'}.`,
  });
}

/** Computes every output from the planes of {@link bandNames}. */
function addOutputs(
  part: Part,
  scene: SceneInput,
  use: number,
  bands: readonly BandPlane[],
  planes: readonly number[],
): void {
  const byName = new Map(bandNames(part).map((name, i) => [name, bands[i]!]));
  for (const [index, { expression }] of part.outputs.entries()) {
    const used = bandsOf(expression).map((name) => ({ name, band: byName.get(name)! }));
    const kernel = part.compile(
      expression,
      used.map(({ name, band: { type, nodata } }) => {
        const { scale, offset } = bandInput(scene, name);
        return { name, type, nodata, scale, offset };
      }),
    );
    const valids = used.flatMap(({ band: { valid } }) => (valid === undefined ? [] : [valid]));
    kernel(pixelsOf(part), {
      bands: used.map(({ band: { at } }) => at),
      use: usable(part, use, valids),
      seen: part.seen,
      plane: planes[index]!,
    });
  }
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
