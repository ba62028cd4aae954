import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jobContract } from '../../batch-jobs/contract.ts';
import { type Bundle, bundle } from './bundle.ts';
import { writeInstall } from './install.ts';
import { repository, runtimePackages } from './options.ts';

/**
 * Makes the folder that `docker build` gets: entries of the three jobs, the module their worker threads start with, what cannot be
 * bundled as package.json and lock, and the Dockerfile. The same sources give the same bytes.
 *
 * @param folder empty, or to be made.
 */
export function buildJobImage(folder: string): Bundle {
  const made = bundle(
    {
      ...Object.fromEntries(jobContract.names.map((name) => [name, `batch-jobs/${name}/main.ts`])),
      'start-worker': 'packages/raster/src/engine/start-worker.ts',
    },
    folder,
  );
  writeInstall(runtimePackages, made.folder);
  copyFileSync(join(repository, 'batch-jobs/Dockerfile'), join(made.folder, 'Dockerfile'));
  const files = new Map(made.files);
  for (const name of ['package.json', 'package-lock.json', 'Dockerfile']) {
    files.set(name, statSync(join(made.folder, name)).size);
  }
  return { ...made, files };
}
