import type { OpenImage } from '../image.ts';
import { type Lane, type LaneJob, openLane } from './lane.ts';

/** Where units of an image are made. */
export interface Executor {
  /**
   * Lanes that make units of one image at the same time, at most `units`; each spills to `<spillPath>.<n>`.
   * The caller closes them.
   */
  open(
    job: LaneJob,
    options: {
      readonly spillPath: string;
      readonly units: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<readonly Lane[]>;
  close(): Promise<void>;
}

/** One lane on this thread. */
export function inlineExecutor(openImage: OpenImage): Executor {
  return {
    open: async (job, { spillPath, signal }) => [openLane(job, `${spillPath}.0`, openImage, signal)],
    close: async () => {},
  };
}
