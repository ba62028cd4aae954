import { setImmediate } from 'node:timers/promises';
import { fillFromParts, fillFromPlanes, fillFromWork, type StoredPart } from '../cog/fill.ts';
import { pyramidLevels } from '../cog/pyramid.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE, type ReadPlanes } from '../cog/spec.ts';
import { createSpill } from '../cog/spill.ts';
import type { FillCell, UnitReport } from '../cog/unit-maker.ts';
import { createUnitMaker } from '../cog/unit-maker.ts';
import type { Unit } from '../cog/units.ts';
import type { OpenImage } from '../image.ts';
import { createImageSet } from '../process/image-set.ts';
import type { ProductWork } from '../process/work.ts';
import { createWorkspace, type Workspace } from '../process/workspace.ts';
import type { StatisticsAccumulator } from '../stats/accumulator.ts';

/** Where the pixels of an image come from, as plain data that another thread can be sent. */
export type PixelSource =
  | {
      readonly kind: 'work';
      readonly work: ProductWork;
      /** Pixel of the work's grid that is the image's first. */
      readonly origin: { readonly x: number; readonly y: number };
    }
  | { readonly kind: 'parts'; readonly parts: readonly StoredPart[] };

/** What lanes of one image have in common. */
export interface LaneJob {
  readonly spec: CogSpec;
  readonly source: PixelSource;
}

/** Makes units of one image, one after the other, wherever it runs. */
export interface Lane {
  /** The folder that holds the tiles of this lane; the caller's to delete once the lane is closed. */
  readonly spillPath: string;
  /** Units that may be asked for at once; they are made in turn. */
  readonly ahead: number;
  make(unit: Unit): Promise<UnitReport>;
  /** Statistics per band of all units made. */
  statistics(): Promise<readonly StatisticsAccumulator[]>;
  close(): Promise<void>;
}

export const levelsOf = ({ grid, blockSize = DEFAULT_BLOCK_SIZE, overviews }: CogSpec) =>
  pyramidLevels(grid.width, grid.height, blockSize, overviews ? 'halves' : 'none');

/** A lane on this thread. */
export function openLane(
  job: LaneJob,
  spillPath: string,
  open: OpenImage,
  signal: AbortSignal | undefined,
): Lane {
  const workspace = createWorkspace();
  const { spec, source } = job;
  const images = createImageSet(open, signal);
  const fill =
    source.kind === 'work'
      ? fillFromWork(workspace, spec, source, images, signal)
      : fillFromParts(workspace.space, spec, source.parts, open, signal);
  return lane(workspace, spec, spillPath, fill, () => images.close());
}

/** A lane on this thread whose values the caller computes. */
export function openPlanesLane(spec: CogSpec, spillPath: string, read: ReadPlanes): Lane {
  const workspace = createWorkspace();
  const fill = fillFromPlanes(workspace.space, spec, read);
  return lane(workspace, spec, spillPath, fill, async () => {});
}

function lane(
  { space }: Workspace,
  spec: CogSpec,
  spillPath: string,
  fill: FillCell,
  closeImages: () => Promise<void>,
): Lane {
  const spill = createSpill(spillPath);
  const maker = createUnitMaker(space, spec, levelsOf(spec), fill, spill);
  return {
    spillPath,
    ahead: 1,
    async make(unit) {
      // Blocking reads never give way: whoever else needs this thread gets it between units.
      await setImmediate();
      return await maker.make(unit);
    },
    statistics: async () => maker.statistics(),
    async close() {
      spill.close();
      await closeImages();
    },
  };
}
