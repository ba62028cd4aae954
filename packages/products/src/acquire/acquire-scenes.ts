import { isSwathError, SwathError, toSwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import type { ByteSource, OpenImage } from '@swath/raster';
import type { AcquiredAsset, AcquiredScenes, RequestSpec } from '@swath/requests';
import { reasonOfError } from '@swath/requests';
import { pixelsMayTell, type Scene, type SceneAsset } from '@swath/stac';
import { mapBounded } from '../bounded.ts';

import { ASSETS_AT_ONCE } from '../limits.ts';
import { type Copied, copyAsset } from './copy-asset.ts';
import { inspect } from './inspect.ts';
import { smallestDn } from './look.ts';
import { type NeededAsset, neededOf } from './needed.ts';

export interface AcquireInput {
  readonly scenes: readonly Scene[];
  readonly spec: RequestSpec;
  readonly open: OpenImage;
  readonly openSource: (href: string) => Promise<ByteSource>;
  /** `reference`: read where it lies. `copy`: into `raw`, verified, and read from there. */
  readonly mode: 'reference' | 'copy';
  /** Bucket of copies; needed for `copy` alone. */
  readonly raw?: Objects;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

type Outcome =
  | { readonly asset: AcquiredAsset }
  | { readonly sceneIndex: number; readonly error: SwathError };

/**
 * Opens every asset the request needs and records what the files say. A scene of which one asset cannot be used is
 * listed in `failed` with the reason; the others go on.
 *
 * @throws SwathError Throttled, Unavailable (try again later: nothing is known about the scene), Cancelled, Bug.
 */
export async function acquireScenes(input: AcquireInput): Promise<AcquiredScenes> {
  const outcomes: Outcome[] = [];
  const jobs: { readonly sceneIndex: number; readonly needed: NeededAsset }[] = [];
  for (const [sceneIndex, scene] of input.scenes.entries()) {
    const found = await attempt(sceneIndex, async () => neededOf(input.spec, scene));
    if ('error' in found) outcomes.push(found);
    else for (const needed of found.value) jobs.push({ sceneIndex, needed });
  }
  let done = 0;
  const opened = await mapBounded(jobs, ASSETS_AT_ONCE, async ({ sceneIndex, needed }): Promise<Outcome> => {
    input.signal?.throwIfAborted();
    const scene = input.scenes[sceneIndex];
    if (scene === undefined) throw new SwathError('Bug', `there is no scene ${sceneIndex}`);
    const outcome = await attempt(sceneIndex, () => acquireAsset(input, scene, sceneIndex, needed));
    input.onProgress?.(++done, jobs.length);
    return 'error' in outcome ? outcome : { asset: outcome.value };
  });
  return sortOut(input.scenes, [...outcomes, ...opened]);
}

/** Errors that are the scene's own are kept as values; those that are not are thrown. */
async function attempt<T>(
  sceneIndex: number,
  action: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly sceneIndex: number; readonly error: SwathError }> {
  try {
    return { value: await action() };
  } catch (thrown) {
    const error = toSwathError(thrown);
    const ownFault = ['InvalidInput', 'NotFound', 'LimitExceeded', 'Unsupported', 'Corrupt'] as const;
    if (!ownFault.some((code) => isSwathError(error, code))) throw error;
    return { sceneIndex, error };
  }
}

async function acquireAsset(
  input: AcquireInput,
  scene: Scene,
  sceneIndex: number,
  { asset, role }: NeededAsset,
): Promise<AcquiredAsset> {
  const { signal } = input;
  const copied = input.mode === 'copy' ? await copyOf(input, scene, asset) : undefined;
  const href = copied === undefined ? asset.href : `object://raw/${copied.key}`;
  const image = await input.open(href, signal);
  try {
    const truth = inspect(asset, image);
    const nodata = asset.nodata ?? truth.nodata;
    const looks = role === 'band' && pixelsMayTell({ scene, asset, wish: input.spec.radiometry });
    return {
      sceneIndex,
      key: asset.key,
      href,
      bandIndex: asset.bandIndex,
      grid: truth.grid,
      dtype: image.info.dtype,
      nodata: truth.nodata,
      fileScale: truth.fileScale,
      fileOffset: truth.fileOffset,
      minDn: looks ? await smallestDn(image, asset.bandIndex, nodata, signal) : null,
      sizeBytes: copied?.info.sizeBytes ?? (await sizeOf(input, asset, href)),
      warnings: [...(copied?.warnings ?? []), ...truth.warnings],
    };
  } finally {
    await image.close();
  }
}

async function copyOf(
  { raw, openSource, signal }: AcquireInput,
  scene: Scene,
  asset: SceneAsset,
): Promise<Copied> {
  if (raw === undefined) throw new SwathError('Bug', 'copying needs a bucket');
  return await copyAsset(scene, asset, openSource, raw, signal);
}

async function sizeOf(input: AcquireInput, asset: SceneAsset, href: string): Promise<number> {
  if (asset.sizeBytes !== undefined) return asset.sizeBytes;
  const source = await input.openSource(href);
  try {
    return await source.size(input.signal);
  } finally {
    await source.close();
  }
}

/** Assets of usable scenes in the order of the scenes; the first failure of each of the others. */
function sortOut(scenes: readonly Scene[], outcomes: readonly Outcome[]): AcquiredScenes {
  const failures = new Map<number, SwathError>();
  for (const outcome of outcomes) {
    if ('error' in outcome && !failures.has(outcome.sceneIndex))
      failures.set(outcome.sceneIndex, outcome.error);
  }
  return {
    scenes,
    assets: outcomes
      .flatMap((outcome) =>
        'asset' in outcome && !failures.has(outcome.asset.sceneIndex) ? [outcome.asset] : [],
      )
      .sort((a, b) => a.sceneIndex - b.sceneIndex),
    failed: [...failures]
      .sort(([a], [b]) => a - b)
      .map(([sceneIndex, error]) => ({
        sceneIndex,
        reason: reasonOfError(error),
        message: `${scenes[sceneIndex]?.id ?? sceneIndex}: ${error.message}`,
      })),
  };
}
