import { isSwathError, SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import type { Scene } from '@swath/stac';
import type { CheckedSpec } from './check/check-spec.ts';
import type { RequestDeps } from './deps.ts';
import type { PinnedScenes } from './documents.ts';
import { MAX_SCENES } from './limits.ts';
import { neededAssets } from './plan/assets.ts';
import type { RequestSpec } from './spec.ts';

/** Where the scenes of a project come from. */
export type SearchDeps = Pick<RequestDeps, 'providers' | 'ownImagery' | 'defaultProvider' | 'readItems'>;

/** The provider a specification asks. @throws InvalidInput naming the providers there are. */
export function providerOf(
  deps: Omit<SearchDeps, 'readItems'>,
  project: string,
  spec: Pick<RequestSpec, 'provider'>,
): Provider {
  const id = spec.provider ?? deps.defaultProvider;
  const own = deps.ownImagery?.(project);
  const provider = id === own?.id ? own : deps.providers.get(id);
  if (provider !== undefined) return provider;
  const known = [...deps.providers.keys(), ...(own === undefined ? [] : [own.id])];
  throw new SwathError('InvalidInput', `There is no provider "${id}".`, {
    pointer: '/provider',
    fix: `Use one of: ${known.join(', ')}.`,
  });
}

/**
 * The scenes a specification means: its Items, or what the provider's catalogue finds.
 * @throws SwathError LimitExceeded when there are more than a request may have: never a silent cut.
 */
export async function findScenes(
  deps: SearchDeps,
  project: string,
  checked: CheckedSpec,
  signal?: AbortSignal,
): Promise<PinnedScenes> {
  const { spec, aoi, datetime } = checked;
  if (spec.items !== undefined) {
    const own = deps.ownImagery?.(project);
    const scenes =
      (own === undefined ? undefined : await ownItems(own, spec.items, signal)) ??
      (await deps.readItems(spec.items, signal));
    return withNeededBands(checked, { scenes, skipped: [] });
  }
  const answer = await providerOf(deps, project, spec).search({
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
 * Items named `<provider>:<collection>/<id>`, in the given order; undefined when none is named so.
 * @throws SwathError InvalidInput when they stand beside others, or there is no such Item.
 */
async function ownItems(
  own: Provider,
  items: NonNullable<RequestSpec['items']>,
  signal: AbortSignal | undefined,
): Promise<readonly Scene[] | undefined> {
  const prefix = `${own.id}:`;
  const named = items.map((item) => (typeof item === 'string' && item.startsWith(prefix) ? item : undefined));
  if (named.every((item) => item === undefined)) return undefined;
  const scenes: Scene[] = [];
  for (const [at, item] of named.entries()) {
    const [collection, id, ...rest] = item?.slice(prefix.length).split('/') ?? [];
    if (collection === undefined || id === undefined || rest.length > 0) {
      throw new SwathError('InvalidInput', 'Items of uploads do not stand beside others.', {
        pointer: `/items/${at}`,
        fix: `Name all of them as ${prefix}<collection>/<id>, or none.`,
      });
    }
    const { scenes: found } = await own.search({
      collections: [collection],
      ids: [id],
      limit: 1,
      ...(signal === undefined ? {} : { signal }),
    });
    if (found[0] === undefined) {
      throw new SwathError('InvalidInput', `The project has no Item "${id}" in "${collection}".`, {
        pointer: `/items/${at}`,
        fix: `GET /search?collections=${encodeURIComponent(collection)} lists those there are.`,
      });
    }
    scenes.push(found[0]);
  }
  return scenes;
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
