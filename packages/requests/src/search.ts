import { SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import { checkSpec } from './check.ts';
import type { RequestDeps } from './deps.ts';
import type { PinnedScenes } from './documents.ts';
import { MAX_SCENES } from './limits.ts';
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
  spec: RequestSpec,
  signal?: AbortSignal,
): Promise<PinnedScenes> {
  if (spec.items !== undefined) {
    const { scenes, skipped } = await deps.readItems(spec.items, signal);
    return { scenes, skipped };
  }
  const { aoi, datetime } = checkSpec(spec);
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
  return { scenes: answer.scenes, skipped: answer.skipped };
}
