import { SwathError } from '@swath/core';
import { acquireScenes } from '@swath/products';
import type { AcquiredScenes } from '@swath/requests';
import { reportKeys } from '@swath/requests';
import { acquireManifest } from '../support/documents.ts';
import { imageAccess } from '../support/image-access.ts';
import { runJob } from '../support/run-job.ts';

/** Opens (or copies) every asset of the request's scenes. Scenes that fail are listed; if all do, the step fails. */
await runJob('acquire', {
  manifest: acquireManifest,
  reportKeys: (manifest) => [reportKeys.acquire(manifest.staging)],
  run: async ({ manifest, environment, storage, scratchDir, signal, note, succeeded, onRead }) => {
    const access = imageAccess(environment, storage, scratchDir, onRead);
    try {
      const acquired = await acquireScenes({
        scenes: manifest.scenes,
        spec: manifest.spec,
        mode: manifest.mode,
        raw: storage.raw,
        open: access.open,
        openSource: access.openSource,
        signal,
      });
      if (acquired.failed.length === acquired.scenes.length) throw noneUsable(acquired);
      note({
        scenes: acquired.scenes.length,
        failedScenes: acquired.failed.length,
        assets: acquired.assets.length,
      });
      await succeeded(reportKeys.acquire(manifest.staging), acquired);
      return undefined;
    } finally {
      await access.close();
    }
  },
});

/** Every scene failed: the step ends as its first scene did. */
function noneUsable(acquired: AcquiredScenes): SwathError {
  const first = acquired.failed[0];
  const code =
    first?.reason === 'ASSET_CORRUPT'
      ? 'Corrupt'
      : first?.reason === 'UNSUPPORTED'
        ? 'Unsupported'
        : first?.reason === 'INVALID_INPUT'
          ? 'InvalidInput'
          : 'NotFound';
  return new SwathError(
    code,
    `None of ${acquired.scenes.length} scenes can be used. ${first?.message ?? ''}`,
  );
}
