import type { Objects } from '@swath/ports';
import type { OpenImage } from '@swath/raster';
import { type LivePreview, type PlanDeps, planLivePreview } from '@swath/requests';
import { type DecideStretch, stretchDecider } from '@swath/tiles';
import { PICTURES_AT_ONCE, PICTURES_WAITING } from './limits.ts';
import { type ResultImages, resultImages } from './result-images.ts';
import { type TakeTurns, turns } from './turns.ts';
import type { OwnItem } from './upload-images.ts';

/** What draws pictures: one for each process, since it remembers headers, blocks and stretches. */
export interface PictureService {
  readonly images: ResultImages;
  /** Items of the project's own catalogue. */
  readonly ownItem: OwnItem;
  readonly decide: DecideStretch;
  readonly takeTurns: TakeTurns;
  /** Plans a preview of an unsent request; see `planLivePreview`. */
  readonly planLive: (
    project: string,
    body: unknown,
    maxSide: number,
    signal: AbortSignal,
  ) => Promise<LivePreview>;
  /** Opens images of scenes. */
  readonly openScene: OpenImage;
  /** Larger pictures are put into the bucket and answered by a link; absent where any answer passes. */
  readonly overflow?: { readonly objects: Objects; readonly prefix: string; readonly aboveBytes: number };
}

export interface PictureServiceInput {
  readonly results: Objects;
  /** Items of a project's own catalogue. */
  readonly ownItem: OwnItem;
  /** Whether reading results takes round trips (S3). */
  readonly remote: boolean;
  readonly live: Pick<
    PlanDeps,
    'providers' | 'ownImagery' | 'defaultProvider' | 'readItems' | 'acquireFacts'
  >;
  readonly openScene: OpenImage;
  /** @default absent: every picture is answered as it is */
  readonly overflow?: { readonly prefix: string; readonly aboveBytes: number };
}

export function pictureService({
  results,
  ownItem,
  remote,
  live,
  openScene,
  overflow,
}: PictureServiceInput): PictureService {
  return {
    ownItem,
    images: resultImages(results, { remote }),
    decide: stretchDecider(),
    takeTurns: turns(PICTURES_AT_ONCE, PICTURES_WAITING),
    planLive: (project, body, maxSide, signal) => planLivePreview(live, project, body, maxSide, signal),
    openScene,
    ...(overflow === undefined ? {} : { overflow: { objects: results, ...overflow } }),
  };
}
