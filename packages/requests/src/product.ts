import type { Aoi, Grid, PixelWindow } from '@swath/geo';
import type { BandStatistics, PixelCounts, ProductWork, SampleType, StoredType } from '@swath/raster';
import type { RadiometryDecision, Scene } from '@swath/stac';
import type { RequestSpec } from './spec.ts';

/** What the acquire job saw when it opened one asset: the file's own truth, which wins over the Item. */
export interface AcquiredAsset {
  readonly sceneIndex: number;
  readonly key: string;
  /** Where to read from now: the original, or `object://raw/<key>` for a copy. */
  readonly href: string;
  readonly bandIndex: number;
  readonly grid: Grid;
  readonly dtype: SampleType;
  readonly nodata: number | 'nan' | null;
  readonly fileScale: number;
  readonly fileOffset: number;
  /** Smallest valid DN in the smallest overview: a look at the pixels for the radiometry decision; null when it asks for none. */
  readonly minDn: number | null;
  readonly sizeBytes: number;
  /** Differences between Item and file, one sentence each. */
  readonly warnings: readonly string[];
}

/** A scene with the assets this request needs, opened and checked. */
export interface AcquiredScenes {
  readonly scenes: readonly Scene[];
  readonly assets: readonly AcquiredAsset[];
  /** Scenes that could not be used, and why. */
  readonly failed: readonly {
    readonly sceneIndex: number;
    readonly reason: string;
    readonly message: string;
  }[];
}

/** One product of a request: one COG, one STAC Item, one picture. */
export interface ProductPlan {
  /** `2024-06-01` or `2024-05-01_2024-08-31`; file-name safe, unique within the request. */
  readonly label: string;
  /** RFC 3339; both equal for a single date; null where the scenes have no date. */
  readonly start: string | null;
  readonly end: string | null;
  readonly sceneIndexes: readonly number[];
  readonly work: ProductWork;
  readonly stored: StoredType;
  /** Indexes into `RequestPlan.chunks`. */
  readonly chunks: readonly number[];
}

export interface ChunkPlan {
  readonly product: number;
  readonly window: PixelWindow;
}

/** Everything a request will do, decided before any pixel is read. Pure function of spec and acquired scenes. */
export interface RequestPlan {
  readonly engineVersion: string;
  readonly spec: RequestSpec;
  readonly aoi: Aoi | null;
  readonly scenes: readonly Scene[];
  readonly products: readonly ProductPlan[];
  readonly chunks: readonly ChunkPlan[];
  /** By scene index, band name. */
  readonly radiometry: readonly Readonly<Record<string, RadiometryDecision>>[];
  readonly warnings: readonly string[];
  readonly estimate: {
    readonly inputBytes: number;
    readonly outputBytes: number;
    readonly pixels: number;
  };
}

/** What a process child leaves beside its pixels (`<staging>/chunk-<n>.json`). */
export interface ChunkResult {
  readonly chunk: number;
  readonly counts: PixelCounts;
  /** Object key of the chunk's pixels: a tiled TIFF in the product's stored type. */
  readonly pixelsKey: string;
  readonly sha256: string;
  readonly seconds: number;
}

/** What publish made of one product. */
export interface ProductResult {
  readonly label: string;
  readonly itemId: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly counts: PixelCounts;
  /** masked / withData, percent; null without data. */
  readonly cloudPercent: number | null;
  readonly statistics: Readonly<Record<string, BandStatistics>>;
  /** Keys in the results bucket. */
  readonly assets: {
    readonly cog: string;
    readonly thumbnail: string;
    readonly item: string;
    readonly statistics: string;
    /** Statistics by zone, as JSON and as CSV; absent without zones. */
    readonly zones?: string;
    readonly zonesCsv?: string;
  };
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly failedChunks: readonly number[];
}
