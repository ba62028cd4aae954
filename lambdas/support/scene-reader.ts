import type { Objects } from '@swath/ports';
import type { WindowWorker } from '@swath/raster';
import type { OpenImage } from '@swath/raster/image';
import type { PlanDeps } from '@swath/requests';

export interface SceneReader {
  /** Opens the headers of public files and of uploads, as the acquire job would. */
  readonly acquireFacts: PlanDeps['acquireFacts'];
  readonly open: OpenImage;
  /** Computes pixels beside this thread. */
  readonly processWindow: WindowWorker['process'];
  /** Makes products beside this thread. */
  readonly executor: WindowWorker['executor'];
}

/**
 * Reads public files, and those of uploads. The pixel engine behind it is loaded by the first call: most events need none
 * of it.
 * @param kept where files of uploads lie. @default none are read
 */
export function lazySceneReader(kept?: Objects): SceneReader {
  let loading: Promise<SceneReader> | undefined;
  const reader = () => {
    loading ??= load(kept);
    return loading;
  };
  return {
    acquireFacts: async (spec, scenes, signal) => (await reader()).acquireFacts(spec, scenes, signal),
    open: async (href, signal) => (await reader()).open(href, signal),
    processWindow: async (work, window, signal) => (await reader()).processWindow(work, window, signal),
    executor: {
      open: async (job, options) => (await reader()).executor.open(job, options),
      close: async () => {},
    },
  };
}

async function load(kept: Objects | undefined): Promise<SceneReader> {
  const [{ acquireScenes, keptUploads, sourceOpener }, { imageOpener, windowWorker }] = await Promise.all([
    import('@swath/products'),
    import('@swath/raster'),
  ]);
  const options = kept === undefined ? {} : { sources: keptUploads(kept) };
  const open = imageOpener(options);
  const { open: openSource } = sourceOpener(options);
  const windows = windowWorker(open.locate);
  return {
    open,
    processWindow: windows.process,
    executor: windows.executor,
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
