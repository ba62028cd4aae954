import type { OpenImage } from '../image.ts';
import { type Lane, type LaneJob, type LanePlace, openLane } from './lane.ts';

/** Where units of an image are made. */
export interface Executor {
  /**
   * Lanes that make units of one image at the same time, at most `units`; each spills to `<place.spillPath>.<n>`.
   * The caller closes them.
   */
  open(
    job: LaneJob,
    options: {
      readonly place: LanePlace;
      readonly units: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<readonly Lane[]>;
  close(): Promise<void>;
}

/** The place of one of the lanes of an image. */
export function nthPlace(place: LanePlace, n: number): LanePlace {
  return { ...place, spillPath: `${place.spillPath}.${n}` };
}

/** One lane on this thread. */
export function inlineExecutor(openImage: OpenImage): Executor {
  return {
    open: async (job, { place, signal }) => [openLane(job, nthPlace(place, 0), openImage, signal)],
    close: async () => {},
  };
}
