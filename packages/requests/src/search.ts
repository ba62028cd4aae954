import { isSwathError, SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import type { Scene } from '@swath/stac';
import type { CheckedSpec } from './check/check-spec.ts';
import type { RequestDeps } from './deps.ts';
import type { PinnedScenes } from './documents.ts';
import { MAX_SCENES } from './limits.ts';
import { neededAssets } from './plan/assets.ts';
import type { RequestSpec } from './spec.ts';

/** The provider a specification asks. @throws InvalidInput naming the providers there are. */
export function providerOf(
  deps: Pick<RequestDeps, 'providers' | 'defaultProvider'>,
  spec: RequestSpec,
): Provider {
  const id = spec.provider ?? deps.defaultProvider;
  const provider = deps.providers.get(id);
  if (provider !== undefined) return provider;
  throw new SwathError('InvalidInput', `There is no provider "${id}".`, {
    pointer: '/provider',
    fix: `Use one of: ${[...deps.providers.keys()].join(', ')}.`,
  });
}

/**
 * The scenes a specification means: its Items, or what the provider's catalogue finds.
 * @throws SwathError LimitExceeded when there are more than a request may have: never a silent cut.
 */
export async function findScenes(
  deps: Pick<RequestDeps, 'providers' | 'defaultProvider' | 'readItems'>,
  checked: CheckedSpec,
  signal?: AbortSignal,
): Promise<PinnedScenes> {
  const { spec, aoi, datetime } = checked;
  if (spec.items !== undefined) return withNeededBands(checked, await deps.readItems(spec.items, signal));
  const answer = await providerOf(deps, spec).search({
    collections: spec.collections ?? [],
    ...(aoi === null ? {} : { aoi }),
    ...(datetime === null ? {} : { datetime }),
    ...(spec.maxCloudCoverPercent === undefined ? {} : { maxCloudCoverPercent: spec.maxCloudCoverPercent }),
    limit: MAX_SCENES,
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.truncated) {
    throw new SwathError(
      'LimitExceeded',
      `More than ${MAX_SCENES} scenes match; a request has at most that many.`,
      {
        pointer: '/datetime',
        fix: 'Narrow the time range or the area, or lower maxCloudCoverPercent.',
      },
    );
  }
  return withNeededBands(checked, answer);
}

/**
 * One scene without a band must not end the request for the others.
 * @throws SwathError InvalidInput when no scene has the bands: then it is the request that is wrong.
 */
function withNeededBands(checked: CheckedSpec, found: PinnedScenes): PinnedScenes {
  const scenes: Scene[] = [];
  const lacking: { readonly id: string; readonly reason: string }[] = [];
  let error: SwathError | undefined;
  for (const scene of found.scenes) {
    try {
      neededAssets(checked.spec, checked.pipeline, scene);
      scenes.push(scene);
    } catch (cause) {
      if (!isSwathError(cause, 'InvalidInput')) throw cause;
      error ??= cause;
      lacking.push({ id: scene.id, reason: cause.message });
    }
  }
  if (scenes.length === 0 && error !== undefined) throw error;
  return { scenes, skipped: [...found.skipped, ...lacking] };
}
