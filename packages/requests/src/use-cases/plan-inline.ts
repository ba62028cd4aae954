import { SwathError } from '@swath/core';
import { checkSpec } from '../check/check-spec.ts';
import type { PlanDeps } from '../deps.ts';
import { INLINE_SCENES_MAX } from '../limits.ts';
import { planRequest } from '../plan/plan-request.ts';
import type { RequestPlan } from '../product.ts';
import { failureView } from '../reasons.ts';
import { findScenes, type SearchDeps } from '../search.ts';

/**
 * The plan of a request that is computed where it is asked for, instead of as a batch job. Nothing is stored.
 * @param maxPixels of all outputs and dates together.
 * @throws SwathError InvalidInput as `createRequest`; NotFound when there is no imagery; LimitExceeded with
 *   ProcessGraphComplexity as reason for more than can be answered at once; Unavailable, Throttled.
 */
export async function planInline(
  deps: SearchDeps & Pick<PlanDeps, 'acquireFacts'>,
  project: string,
  body: unknown,
  maxPixels: number,
  signal?: AbortSignal,
): Promise<RequestPlan> {
  const checked = checkSpec(body);
  const { scenes } = await findScenes(deps, project, checked, signal);
  if (scenes.length === 0) {
    const { fix } = failureView({ reason: 'NO_IMAGERY', message: '' });
    throw new SwathError('NotFound', 'The catalogue has no scene for this area, time and cloud cover.', {
      fix,
    });
  }
  if (scenes.length > INLINE_SCENES_MAX) throw tooMuch(`${scenes.length} scenes`, `${INLINE_SCENES_MAX}`);
  const acquired = await deps.acquireFacts(checked.spec, scenes, signal);
  const plan = planRequest({ spec: checked.spec, aoi: checked.aoi, acquired });
  const { pixels } = plan.estimate;
  if (pixels > maxPixels) throw tooMuch(`${pixels} pixels`, `${maxPixels}`);
  return plan;
}

function tooMuch(what: string, most: string): SwathError {
  return new SwathError('LimitExceeded', `That is ${what}; an answer at once has at most ${most}.`, {
    reason: 'ProcessGraphComplexity',
    fix: 'Use a batch job (POST /jobs), or a smaller area, fewer dates, or a coarser grid (resample_spatial).',
  });
}
