import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import { evaluate } from '../expression/evaluate.ts';
import { bandsOf } from '../expression/parse.ts';
import type { GridPixels } from '../warp/grid-pixels.ts';
import { readOnGrid } from '../warp/read-on-grid.ts';
import { type ImageSet, settleAll } from './image-set.ts';
import { MASK, maskStates } from './mask.ts';
import type { BandInput, ProductOutput, ProductWork, SceneInput } from './work.ts';

/** Where and how scenes of one part of a window are computed. */
export interface Part {
  readonly grid: Grid;
  readonly window: PixelWindow;
  readonly outputs: readonly ProductOutput[];
  readonly resampling: ProductWork['resampling'];
  /** 1 = inside the clip. */
  readonly inside: Uint8Array;
  /** What was seen of each pixel in any scene, as bits of {@link SEEN}; updated by every scene. */
  readonly seen: Uint8Array;
  readonly images: ImageSet;
  readonly signal: AbortSignal | undefined;
}

export const SEEN = {
  /** Some scene has data here, masked or not. */
  data: 1,
  /** Some scene has data here that its mask keeps. */
  clear: 2,
} as const;

/**
 * Computes one scene into `planes`: a pixel is written where the clip and the scene's mask keep it, every band of the
 * output's expression is valid, the result is finite (x / 0 is nodata), and the plane has no value yet.
 *
 * The mask is read first. No band is read when it keeps no pixel that still wants a value.
 *
 * @throws SwathError InvalidInput when the scene lacks a band; what reading throws.
 */
export async function addScene(
  part: Part,
  scene: SceneInput,
  planes: readonly Float32Array[],
): Promise<void> {
  part.signal?.throwIfAborted();
  if (!wanted(part, planes, null)) return;
  const states = await sceneMask(part, scene);
  if (states !== null) noteDropped(part, states);
  if (!wanted(part, planes, states)) return;
  const names = [...new Set(part.outputs.flatMap(({ expression }) => bandsOf(expression)))];
  const bands = new Map(
    await settleAll(names.map(async (name) => [name, await sceneBand(part, scene, name)] as const)),
  );
  part.outputs.forEach((output, index) => {
    addOutput(part, states, bands, output, planes[index]!);
  });
}

/** Whether some pixel inside the clip, and kept by the mask, has no value in some plane. */
function wanted(part: Part, planes: readonly Float32Array[], states: Uint8Array | null): boolean {
  const { inside } = part;
  for (const plane of planes) {
    for (let i = 0; i < inside.length; i++) {
      if (inside[i] === 1 && (states === null || states[i] === MASK.kept) && Number.isNaN(plane[i]!))
        return true;
    }
  }
  return false;
}

async function sceneMask(part: Part, { mask }: SceneInput): Promise<Uint8Array | null> {
  if (mask === undefined) return null;
  const image = await part.images.open(mask.href);
  const pixels = await readOnGrid({
    image,
    band: mask.bandIndex,
    grid: part.grid,
    window: part.window,
    resampling: 'nearest',
    nodata: null,
    levels: 'full',
    ...(part.signal === undefined ? {} : { signal: part.signal }),
  });
  return maskStates(pixels, mask.rule, image.info.nodata);
}

function noteDropped({ seen, inside }: Part, states: Uint8Array): void {
  for (let i = 0; i < seen.length; i++) {
    if (inside[i] === 1 && states[i] === MASK.dropped) seen[i] = seen[i]! | SEEN.data;
  }
}

interface SceneBand {
  readonly values: Float32Array;
  readonly valid: Uint8Array;
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
  const pixels = await readOnGrid({
    image,
    band: input.bandIndex,
    grid: part.grid,
    window: part.window,
    resampling: part.resampling,
    nodata: input.nodata ?? image.info.nodata,
    ...(part.signal === undefined ? {} : { signal: part.signal }),
  });
  return { values: physical(pixels, input), valid: pixels.valid };
}

/** `value = DN * scale + offset`, each step rounded to single precision. Nodata is out of the way by now. */
function physical({ values }: GridPixels, { scale, offset }: BandInput): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.fround(values[i]! * scale) + offset;
  return out;
}

function addOutput(
  part: Part,
  states: Uint8Array | null,
  bands: ReadonlyMap<string, SceneBand>,
  { expression }: ProductOutput,
  plane: Float32Array,
): void {
  const { seen } = part;
  const names = bandsOf(expression);
  const values = Object.fromEntries(names.map((name) => [name, bands.get(name)!.values]));
  const usable = usablePixels(
    part,
    states,
    names.map((name) => bands.get(name)!.valid),
  );
  const results = evaluate(expression, values, plane.length);
  for (let i = 0; i < plane.length; i++) {
    if (usable[i] === 0) continue;
    seen[i] = seen[i]! | SEEN.data | SEEN.clear;
    const result = results[i]!;
    if (Number.isFinite(result) && Number.isNaN(plane[i]!)) plane[i] = result;
  }
}

/** 1 = inside the clip, kept by the mask, and valid in every band. */
function usablePixels(part: Part, states: Uint8Array | null, valids: readonly Uint8Array[]): Uint8Array {
  const usable = part.inside.slice();
  for (const valid of valids) {
    for (let i = 0; i < usable.length; i++) usable[i] = usable[i]! & valid[i]!;
  }
  if (states !== null) {
    for (let i = 0; i < usable.length; i++) if (states[i] !== MASK.kept) usable[i] = 0;
  }
  return usable;
}
