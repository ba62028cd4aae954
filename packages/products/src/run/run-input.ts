import type { OpenerOptions } from '@swath/raster';

export interface RunInput {
  /** The request document, as parsed from JSON. */
  readonly spec: unknown;
  /** Absolute folder that relative paths in the request start from. */
  readonly baseFolder: string;
  /** Results go to `<outDir>/<label>/`; files of the same names are replaced. */
  readonly outDir: string;
  /** What may be read besides local files. @default https to public hosts */
  readonly read?: Omit<OpenerOptions, 'files'>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Unix milliseconds, for `created` in the Items. @default Date.now */
  readonly now?: () => number;
}

export interface RunProgress {
  readonly stage: 'items' | 'acquire' | 'process' | 'publish';
  readonly done: number;
  readonly total: number;
}
