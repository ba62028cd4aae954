import { delimiter, join, resolve } from 'node:path';
import type { JobDefinitionName } from '@swath/ports';
import type { LocalJobsOptions } from '../jobs/index.ts';

const repository = resolve(import.meta.dirname, '../../../..');

/** The container entrypoints as programs of this machine. */
export function jobCommands(options: {
  /** Data folder. */
  readonly folder: string;
  readonly scratch: string;
  /** Folders whose files scenes may name. */
  readonly readFolders: readonly string[];
}): LocalJobsOptions['command'] {
  const environment = {
    SWATH_STORAGE: `local:${resolve(options.folder)}`,
    SWATH_SCRATCH: resolve(options.scratch),
    SWATH_READ_FOLDERS: options.readFolders.map((folder) => resolve(folder)).join(delimiter),
    SWATH_PARENT_WATCH: 'stdin',
    // Halves the start of a child: Node keeps what it compiled of the sources.
    NODE_COMPILE_CACHE: join(resolve(options.folder), 'compile-cache'),
  };
  return (definition: JobDefinitionName) => ({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(repository, 'batch-jobs', definition, 'main.ts')],
    environment,
  });
}
