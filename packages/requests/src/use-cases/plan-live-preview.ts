import { SwathError } from '@swath/core';
import { resolvePipeline } from '@swath/graph/pipeline';
import type { ProductWork, RampName, ValueRange } from '@swath/raster';
import type { Scene } from '@swath/stac';
import { checkSpec } from '../check/check-spec.ts';
import type { PlanDeps } from '../deps.ts';
import { MAX_PREVIEW_DATES, MAX_PREVIEW_SCENES } from '../limits.ts';
import { planRequest } from '../plan/plan-request.ts';
import { previewGridWish } from '../plan/preview-grid.ts';
import { groupByDay } from '../plan/steps.ts';
import { failureView } from '../reasons.ts';
import { findScenes, type SearchDeps } from '../search.ts';
import type { RequestSpec } from '../spec.ts';

/** A picture of what a request would give, ready to be computed. */
export interface LivePreview {
  readonly work: ProductWork;
  /** As `work.outputs`. */
  readonly bands: readonly string[];
  readonly ramp: RampName;
  readonly range: ValueRange | null;
  /** Ids of the scenes that are looked at. */
  readonly scenes: readonly string[];
  readonly label: string;
  readonly warnings: readonly string[];
}

/**
 * Plans a preview of a request that nobody sent yet: of its scenes the day with the least clouds, or for a composite the
 * {@link MAX_PREVIEW_DATES} clearest days, on a grid coarse enough that overviews are read. The body is that of a request;
 * nothing is stored.
 *
 * @param maxSide longest side of the picture, pixels.
 * @throws SwathError InvalidInput as `createRequest`; NotFound when there is no imagery; Unavailable, Throttled.
 */
export async function planLivePreview(
  deps: SearchDeps & Pick<PlanDeps, 'acquireFacts'>,
  project: string,
  body: unknown,
  maxSide: number,
  signal?: AbortSignal,
): Promise<LivePreview> {
  const checked = checkSpec(body);
  const { aoi } = checked;
  const found = await findScenes(deps, project, checked, signal);
  const scenes = clearest(checked.spec, found.scenes);
  if (scenes.length === 0) {
    const { fix } = failureView({ reason: 'NO_IMAGERY', message: '' });
    throw new SwathError('NotFound', 'The catalogue has no scene for this area, time and cloud cover.', {
      pointer: '/datetime',
      fix,
    });
  }
  const acquired = await deps.acquireFacts(checked.spec, scenes, signal);
  const sources = acquired.assets.map(({ grid }) => grid);
  const spec: RequestSpec =
    sources.length === 0
      ? checked.spec
      : { ...checked.spec, grid: previewGridWish(checked.spec, aoi, sources, maxSide) };
  const plan = planRequest({ spec, aoi, acquired });
  const product = plan.products[0];
  if (product === undefined) throw new SwathError('Bug', 'a plan without a product');
  const { ramp, range } = resolvePipeline(spec.pipeline);
  return {
    work: product.work,
    bands: product.work.outputs.map(({ name }) => name),
    ramp,
    range: range === null ? null : { min: range[0], max: range[1] },
    scenes: product.sceneIndexes.flatMap((index) => plan.scenes[index]?.id ?? []),
    label: product.label,
    warnings: plan.warnings,
  };
}

/** Scenes of the clearest days: one day, or several for a composite. Without a word about clouds a day counts as half covered. */
function clearest(spec: RequestSpec, scenes: readonly Scene[]): readonly Scene[] {
  const groups = groupByDay(
    spec,
    scenes,
    scenes.map((_, i) => i),
  );
  const clouds = (indexes: readonly number[]) =>
    indexes.reduce((sum, i) => sum + (scenes[i]?.cloudCoverPercent ?? 50), 0) / indexes.length;
  const best = [...groups]
    .sort((a, b) => clouds(a.sceneIndexes) - clouds(b.sceneIndexes) || (a.day > b.day ? -1 : 1))
    .slice(0, spec.composite === 'none' ? 1 : MAX_PREVIEW_DATES);
  const chosen = best.flatMap(({ sceneIndexes }) => sceneIndexes).slice(0, MAX_PREVIEW_SCENES);
  return chosen.flatMap((index) => scenes[index] ?? []);
}
