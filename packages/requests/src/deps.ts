import type { Logger } from '@swath/core';
import type { Bus, Clock, Jobs, Objects, Provider, Queue, Random, Table } from '@swath/ports';
import type { Scene } from '@swath/stac';
import type { AcquiredScenes } from './product.ts';
import type { RequestSpec } from './spec.ts';

/** What the use cases need. Lambdas build it from the environment, the local runtime from one folder. */
export interface RequestDeps {
  readonly table: Table;
  /** Manifests, plans, staging: deleted by lifecycle. */
  readonly work: Objects;
  /** Published results. */
  readonly results: Objects;
  readonly queues: {
    readonly order: Queue;
    /** Imagery available. */
    readonly imagery: Queue;
    readonly dispatch: Queue;
    readonly publish: Queue;
  };
  readonly jobs: Jobs;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Provider used when a spec names neither provider nor items. */
  readonly defaultProvider: string;
  /**
   * Scenes of Items and GeoTIFFs named by path or URL, in the given order, with what could not be used.
   * Errors as of `Provider.search`. Injected: reading Items is the providers' work.
   */
  readonly readItems: (
    items: NonNullable<RequestSpec['items']>,
    signal?: AbortSignal,
  ) => Promise<{
    readonly scenes: readonly Scene[];
    readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  }>;
  /** Opens the assets a plan needs and reads their headers, without copying anything. Injected: for `planPreview`. */
  readonly acquireFacts: (
    spec: RequestSpec,
    scenes: readonly Scene[],
    signal?: AbortSignal,
  ) => Promise<AcquiredScenes>;
  readonly log: Logger;
}

/** Body of every message on the four queues: a pointer, never a payload. */
export interface RequestMessage {
  readonly v: 1;
  readonly requestId: string;
  readonly attempt: number;
}
