import type { Logger } from '@swath/core';
import type { Bus, Clock, Jobs, Objects, Provider, Queue, Random, Table } from '@swath/ports';
import type { Scene } from '@swath/stac';
import type { AcquiredScenes, ProductResult } from './product.ts';
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
    /** Requests that have ended: for analytics and the catalogue. */
    readonly record: Queue;
  };
  readonly jobs: Jobs;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly providers: ReadonlyMap<string, Provider>;
  /**
   * The imagery a project brought itself, as a provider of that project alone: named by its own id, never by another's.
   * @default nobody brings imagery
   */
  readonly ownImagery?: (project: string) => Provider;
  /** Provider used when a spec names neither provider nor items. */
  readonly defaultProvider: string;
  /**
   * Scenes of Items and GeoTIFFs named by path or URL, in the given order. Errors as of `Provider.search`, with a
   * pointer. Injected: reading Items is the providers' work.
   */
  readonly readItems: (
    items: NonNullable<RequestSpec['items']>,
    signal?: AbortSignal,
  ) => Promise<readonly Scene[]>;
  /**
   * Puts the Items of published products into the catalogue of their project; any number of times is once. Injected: the
   * catalogue is not the machine's. @default they are listed nowhere
   */
  readonly registerResults?: (published: {
    readonly project: string;
    readonly requestId: string;
    readonly products: readonly ProductResult[];
    /** RFC 3339 instant at which storage deletes the files. */
    readonly availableUntil: string;
  }) => Promise<void>;
  readonly log: Logger;
}

/** What previews need besides: opening files is the products' work. */
export interface PlanDeps extends RequestDeps {
  /** Opens the assets a plan needs and reads their headers, without copying anything. */
  readonly acquireFacts: (
    spec: RequestSpec,
    scenes: readonly Scene[],
    signal?: AbortSignal,
  ) => Promise<AcquiredScenes>;
}

/** Body of every message on the queues: a pointer, never a payload. */
export interface RequestMessage {
  readonly v: 1;
  readonly requestId: string;
  readonly attempt: number;
}
