import type { Aoi } from '@swath/geo';
import type { Scene } from '@swath/stac';
import type { AcquiredScenes, ChunkResult, ProductResult, RequestPlan } from './product.ts';
import type { RequestSpec } from './spec.ts';

/**
 * Manifests are objects in the work bucket; a job gets `SWATH_MANIFEST=<key>` and nothing else. Every key a job writes
 * is under `staging` (`staging/<requestId>/<attempt>/`), except final objects under `results/<contentKey>/`, which are
 * created with if-absent only.
 */
export interface AcquireManifest {
  readonly kind: 'acquire';
  readonly requestId: string;
  readonly attempt: number;
  readonly staging: string;
  readonly spec: RequestSpec;
  readonly scenes: readonly Scene[];
  readonly mode: 'reference' | 'copy';
}

export interface ProcessManifest {
  readonly kind: 'process';
  readonly requestId: string;
  readonly attempt: number;
  readonly staging: string;
  /** Key of the RequestPlan object. */
  readonly plan: string;
  /** What is to be made, in order. */
  readonly chunks: readonly number[];
  /** Child i makes `chunks[i * perChild]` to `chunks[(i + 1) * perChild - 1]`, as far as there are any. */
  readonly perChild: number;
}

export interface PublishManifest {
  readonly kind: 'publish';
  readonly requestId: string;
  readonly attempt: number;
  readonly staging: string;
  readonly plan: string;
  readonly contentKey: string;
  /** Key of the zones to give statistics of; absent without. */
  readonly zones?: string;
  /** Keys of the ChunkResult objects of chunks that are done, of this and earlier attempts, by chunk. */
  readonly chunkResults: Readonly<Record<number, string>>;
}

export type JobManifest = AcquireManifest | ProcessManifest | PublishManifest;

/** Left by every job, and for every chunk, under `staging`: facts, never a log line to be parsed. */
export interface JobReport<T> {
  readonly ok: boolean;
  readonly value: T | null;
  /** Closed list of reasons.ts; null when ok. */
  readonly reason: string | null;
  readonly message: string | null;
  /** What was used for it: since the container began, or since its report before. */
  readonly used: JobUse;
}

export interface JobUse {
  /** Wall clock. */
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** Bytes that came from http(s) and s3 addresses; files of the machine are not in it. */
  readonly readBytes: number;
}

/** `<staging>acquire.json` */
export type AcquireReport = JobReport<AcquiredScenes>;
/** `<staging>chunk-<chunk>.json` */
export type ProcessReport = JobReport<ChunkResult>;
/** `<staging>publish.json` */
export type PublishReport = JobReport<readonly ProductResult[]>;

/** Exit codes say whose fault it was; the Batch retry rules read them. */
export const exitCodes = {
  ok: 0,
  /** A bug in Swath: not retried. */
  bug: 1,
  /** The request or its data cannot work: not retried. */
  input: 10,
  /** The provider's bytes are missing, corrupt or refused: not retried by Batch. */
  provider: 20,
  /** A passing trouble (network, throttling, disk): retried. */
  temporary: 75,
  /** SIGTERM (Spot reclaim, cancel): 128 + 15. Retried. */
  terminated: 143,
} as const;

/** Also used by `plan` and `swath run`. */
export interface PlanInput {
  readonly spec: RequestSpec;
  readonly aoi: Aoi | null;
  readonly acquired: AcquiredScenes;
}

export type { RequestPlan };
