import type { OpenImage } from '@swath/raster/image';
import type { PlanDeps } from '@swath/requests';

export interface SceneReader {
  /** Opens the headers of public files, as the acquire job would. */
  readonly acquireFacts: PlanDeps['acquireFacts'];
  readonly open: OpenImage;
}

/** Reads public files. The pixel engine behind it is loaded by the first call: most events need none of it. */
export function lazySceneReader(): SceneReader {
  let loading: Promise<SceneReader> | undefined;
  const reader = () => {
    loading ??= load();
    return loading;
  };
  return {
    acquireFacts: async (spec, scenes, signal) => (await reader()).acquireFacts(spec, scenes, signal),
    open: async (href, signal) => (await reader()).open(href, signal),
  };
}

async function load(): Promise<SceneReader> {
  const [{ acquireScenes, sourceOpener }, { imageOpener }] = await Promise.all([
    import('@swath/products'),
    import('@swath/raster'),
  ]);
  const open = imageOpener();
  const { open: openSource } = sourceOpener({});
  return {
    open,
    acquireFacts: (spec, scenes, signal) =>
      acquireScenes({
        spec,
        scenes,
        open,
        openSource,
        mode: 'reference',
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}
