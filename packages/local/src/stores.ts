import { join } from 'node:path';
import type { Clock, Random } from '@swath/ports';
import { partUploadsOver, type ReceivingPartUploads } from '@swath/ports/memory/part-uploads';
import { cryptoRandom } from '@swath/ports/memory/random';
import { type LocalBus, localBus } from './bus.ts';
import { type LocalLinks, linkSecret, localLinks } from './links.ts';
import { type LocalObjectStore, localObjectStore } from './objects.ts';
import { type PartLinks, partLinks } from './part-links.ts';
import { type LocalQueues, localQueues } from './queue.ts';
import { type LocalTable, localTable } from './table.ts';

export interface LocalStores {
  readonly table: LocalTable;
  readonly objects: LocalObjectStore;
  readonly queues: LocalQueues;
  readonly bus: LocalBus;
  readonly links: LocalLinks;
  readonly partLinks: PartLinks;
  /** Uploads in parts to a bucket. */
  partUploads(bucket: string): ReceivingPartUploads;
  close(): void;
}

/**
 * Everything a data folder holds. Any number of processes may open one at once.
 *
 * Four SQLite files, not one: SQLite lets one writer at a time into a file, no transaction spans two ports, and so a
 * worker that polls its queue never delays a request's commit.
 */
export function openLocalStores(options: {
  readonly folder: string;
  readonly clock: Clock;
  /** Of the API that serves `/files`, without a slash at the end. */
  readonly baseUrl: string;
  /** @default the machine's */
  readonly random?: Random;
}): LocalStores {
  const { folder, clock, baseUrl } = options;
  const random = options.random ?? cryptoRandom();
  const secret = linkSecret(folder);
  const links = localLinks({ baseUrl, secret, clock });
  const toParts = partLinks({ baseUrl, secret, clock });
  const table = localTable({ file: join(folder, 'table.sqlite') });
  const objects = localObjectStore({ folder: join(folder, 'objects'), links });
  const queues = localQueues({ file: join(folder, 'queues.sqlite'), clock });
  const bus = localBus({ file: join(folder, 'bus.sqlite') });
  return {
    table,
    objects,
    queues,
    bus,
    links,
    partLinks: toParts,
    partUploads: (bucket) =>
      partUploadsOver({
        objects: objects.bucket(bucket),
        parts: objects.bucket(`${bucket}-parts`),
        random,
        link: (address, expiresInS) => toParts.make({ bucket, ...address }, expiresInS),
      }),
    close() {
      for (const store of [table, objects, queues, bus]) store.close();
    },
  };
}
