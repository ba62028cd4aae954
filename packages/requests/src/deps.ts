import type { Logger } from '@swath/core';
import type { Bus, Clock, Jobs, Objects, Provider, Queue, Random, Table } from '@swath/ports';

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
  readonly log: Logger;
}

/** Body of every message on the four queues: a pointer, never a payload. */
export interface RequestMessage {
  readonly v: 1;
  readonly requestId: string;
  readonly attempt: number;
}
