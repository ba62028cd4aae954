import { setImmediate } from 'node:timers/promises';
import { fileSha256 } from '../cog/digest.ts';
import { fillFromParts, fillFromPlanes, fillFromWork, type StoredPart } from '../cog/fill.ts';
import { placedTiles } from '../cog/placed-tiles.ts';
import { pyramidLevels } from '../cog/pyramid.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE, type ReadPlanes } from '../cog/spec.ts';
import { createSpill, type OverviewStarts } from '../cog/spill.ts';
import type { FillCell, UnitReport } from '../cog/unit-maker.ts';
import { createUnitMaker } from '../cog/unit-maker.ts';
import { type Unit, unitBytes } from '../cog/units.ts';
import type { OpenImage } from '../image.ts';
import { createImageSet } from '../process/image-set.ts';
import type { ProductWork } from '../process/work.ts';
import { createWorkspace, type Workspace } from '../process/workspace.ts';
import type { StatisticsAccumulator } from '../stats/accumulator.ts';
import type { ZoneParts } from '../zones/collect.ts';
import type { ZonePlan } from '../zones/plan.ts';

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
  readonly zones?: ZonePlan | undefined;
}

/** All that a lane has counted. */
export interface LaneStatistics {
  /** Per band. */
  readonly bands: readonly StatisticsAccumulator[];
  /** Null without zones. */
  readonly zones: ZoneParts | null;
}

/** Where lanes put what they make. */
export interface LanePlace {
  /** The unfinished file, which exists: tiles of full resolution go there. */
  readonly output: string;
  /** What the lanes of the image know of each other's units: `ledgerMemory` of cog/ledger.ts. */
  readonly ledger: SharedArrayBuffer;
  /** A folder that does not exist, for tiles of overviews; the caller's to delete once the lane is closed. */
  readonly spillPath: string;
}

/** Makes units of one image, one after the other, wherever it runs. */
export interface Lane {
  readonly spillPath: string;
  /** Units that may be asked for at once; they are made in turn. */
  readonly ahead: number;
  make(unit: Unit): Promise<UnitReport>;
  /** Statistics of all units made; asked for once. */
  statistics(): Promise<LaneStatistics>;
  /** Places what waits, once every unit of the image is made and the place of the first is known. */
  finish(): Promise<void>;
  /** Places the overviews it made, once there is room for them. */
  placeOverviews(starts: OverviewStarts): Promise<void>;
  /** SHA-256 of the file, once all lanes have placed what they made. */
  digest(): Promise<string>;
  close(): Promise<void>;
}

export const levelsOf = ({ grid, blockSize = DEFAULT_BLOCK_SIZE, overviews }: CogSpec) =>
  pyramidLevels(grid.width, grid.height, blockSize, overviews ? 'halves' : 'none');

/** A lane on this thread. */
export function openLane(
  job: LaneJob,
  place: LanePlace,
  open: OpenImage,
  signal: AbortSignal | undefined,
): Lane {
  const workspace = createWorkspace();
  const { source, spec } = job;
  const images = createImageSet(open, signal);
  const fill =
    source.kind === 'work'
      ? fillFromWork(workspace, spec, source, images, signal)
      : fillFromParts(workspace.space, spec, source.parts, open, signal);
  return lane(workspace, job, place, { fill, signal, closeImages: () => images.close() });
}

/** A lane on this thread whose values the caller computes. */
export function openPlanesLane(
  spec: CogSpec,
  place: LanePlace,
  read: ReadPlanes,
  signal: AbortSignal | undefined,
): Lane {
  const workspace = createWorkspace();
  const fill = fillFromPlanes(workspace.space, spec, read);
  return lane(workspace, { spec }, place, { fill, signal, closeImages: async () => {} });
}

function lane(
  { space }: Workspace,
  { spec, zones }: Pick<LaneJob, 'spec' | 'zones'>,
  { output, ledger, spillPath }: LanePlace,
  {
    fill,
    signal,
    closeImages,
  }: {
    readonly fill: FillCell;
    readonly signal: AbortSignal | undefined;
    readonly closeImages: () => Promise<void>;
  },
): Lane {
  const spill = createSpill(spillPath);
  const placed = placedTiles(output, ledger, unitBytes(spec));
  const maker = createUnitMaker(space, spec, levelsOf(spec), fill, { placed, spill }, zones);
  return {
    spillPath,
    ahead: 1,
    async make(unit) {
      // Blocking reads never give way: whoever else needs this thread gets it between units.
      await setImmediate();
      return await maker.make(unit);
    },
    statistics: async () => maker.statistics(),
    finish: async () => placed.finish(),
    placeOverviews: (starts) => spill.place(output, starts, signal),
    digest: () => fileSha256(output, signal),
    async close() {
      placed.close();
      spill.close();
      await closeImages();
    },
  };
}
