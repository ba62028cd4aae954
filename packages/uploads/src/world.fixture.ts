import { silentLogger } from '@swath/core';
import {
  fixedClock,
  type MemoryObjects,
  memoryObjects,
  memoryQueue,
  memoryTable,
  partUploadsOver,
  type ReceivingPartUploads,
  seededRandom,
} from '@swath/ports/memory/index';
import { double, greyIfd, makeTiff, short } from '../../../test/support/tiff-fixture.ts';
import { beginUpload } from './begin.ts';
import { checkUpload } from './check/check-upload.ts';
import { completeUpload } from './complete.ts';
import type { UploadDeps, UploadMessage } from './deps.ts';
import { getUpload } from './read.ts';
import type { UploadView } from './view.ts';

export interface UploadWorld {
  readonly deps: UploadDeps & {
    readonly partUploads: ReceivingPartUploads;
    readonly quarantine: MemoryObjects;
    readonly kept: MemoryObjects;
  };
  advance(ms: number): void;
  /** Delivers every message that waits. */
  deliver(): Promise<void>;
  /** Begins, sends, completes and checks. */
  upload(bytes: Uint8Array, spec?: object, project?: string): Promise<UploadView>;
}

export const startMs = Date.parse('2026-01-01T00:00:00Z');

export const smallSpec = { fileName: 'field.tif', collection: 'fields', datetime: '2024-06-01' };

/** GeoKeys of EPSG:32631, 10 m pixels. */
export const place = [
  double(33_550, 10, 10, 0),
  double(33_922, 0, 0, 0, 600_000, 5_800_000, 0),
  short(34_735, 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_631),
];

/** 4 x 3 pixels of 1 to 12. */
export const goodTiff = (): Uint8Array =>
  makeTiff([
    greyIfd(
      4,
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
      ],
      place,
    ),
  ]);

export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @param within what another world shares with this one. */
export function uploadWorld(
  within: Partial<Pick<UploadDeps, 'table' | 'results'>> & {
    readonly clock?: ReturnType<typeof fixedClock>;
  } = {},
): UploadWorld {
  const clock = within.clock ?? fixedClock(startMs);
  const random = seededRandom(1, clock);
  const quarantine = memoryObjects();
  const queue = memoryQueue({ clock, maxReceives: 5 });
  const deps = {
    table: within.table ?? memoryTable(),
    quarantine,
    partUploads: partUploadsOver({
      objects: quarantine,
      parts: memoryObjects(),
      random,
      link: ({ uploadId, part }) => `memory://parts/${uploadId}/${part}`,
    }),
    kept: memoryObjects(),
    results: within.results ?? memoryObjects(),
    queue,
    clock,
    random,
    log: silentLogger,
  };
  const deliver = async () => {
    for (const { body, receipt } of await queue.receive({ max: 10, visibilityS: 60 })) {
      await checkUpload(deps, JSON.parse(body) as UploadMessage);
      await queue.ack(receipt);
    }
  };
  return {
    deps,
    advance: (ms) => clock.advance(ms),
    deliver,
    async upload(bytes, spec = {}, project = 'p') {
      const begun = await beginUpload(deps, project, { ...smallSpec, sizeBytes: bytes.length, ...spec });
      await sendAll(deps.partUploads, begun, bytes);
      await completeUpload(deps, project, begun.id, {});
      await deliver();
      return await getUpload(deps, project, begun.id);
    },
  };
}

/** PUTs the parts of a file to its links. @returns part and ETag of each. */
export async function sendAll(
  partUploads: ReceivingPartUploads,
  { links, partSizeBytes }: Awaited<ReturnType<typeof beginUpload>>,
  bytes: Uint8Array,
) {
  const sent: { part: number; etag: string }[] = [];
  for (const { part, sizeBytes, url } of links) {
    const uploadId = new URL(url).pathname.split('/')[1] ?? '';
    const from = (part - 1) * partSizeBytes;
    const body = bytes.subarray(from, from + sizeBytes);
    sent.push({ part, etag: await partUploads.receive({ uploadId, part, sizeBytes }, streamOf(body)) });
  }
  return sent;
}
