import { SwathError } from '@swath/core';
import { withNamedArea } from '../aois/name-area.ts';
import { checkSpec } from '../check/check-spec.ts';
import { contentKey } from '../content-key.ts';
import type { PlanDeps } from '../deps.ts';
import { planRequest } from '../plan/plan-request.ts';
import { failureView } from '../reasons.ts';
import { findScenes } from '../search.ts';
import { readContent } from '../store/read.ts';
import type { PlanView } from '../view.ts';
import { withNamedZones } from '../zones/name-zones.ts';
import { usableResults } from './claim-content.ts';

/**
 * What a request would do, without doing it: scenes, grid, products, chunks, bytes, and whether the results are there.
 *
 * @throws SwathError InvalidInput as `createRequest`; NotFound when there is no imagery; Unavailable, Throttled.
 */
export async function planPreview(
  deps: PlanDeps,
  project: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<PlanView> {
  const checked = checkSpec(await withNamedZones(deps, project, await withNamedArea(deps, project, body)));
  const { spec, aoi } = checked;
  const { scenes, skipped } = await findScenes(deps, project, checked, signal);
  if (scenes.length === 0) {
    const { fix } = failureView({ reason: 'NO_IMAGERY', message: '' });
    throw new SwathError('NotFound', 'The catalogue has no scene for this area, time and cloud cover.', {
      pointer: '/datetime',
      fix,
    });
  }
  const acquired = await deps.acquireFacts(spec, scenes, signal);
  const key = contentKey(checked, scenes);
  const content = await readContent(deps.table, key);
  const results = content === undefined ? undefined : await usableResults(deps, key, content);
  const { scenes: _scenes, ...plan } = planRequest({ spec, aoi, acquired });
  return {
    plan,
    scenes: scenes.map((scene) => ({
      id: scene.id,
      collection: scene.collection,
      datetime: scene.datetime,
      cloudCoverPercent: scene.cloudCoverPercent ?? null,
    })),
    skipped,
    contentKey: key,
    available: results !== undefined,
  };
}
