import type { Geotransform, Grid } from '@swath/geo';
import type { ProductPlan, ProductResult, RequestPlan } from '@swath/requests';
import type { RadiometryDecision } from '@swath/stac';

/** One result of `swath run`. */
export interface RunResult extends Omit<ProductResult, 'assets'> {
  /** Absolute path of the COG. */
  readonly path: string;
  /** Absolute paths of what lies beside it. */
  readonly files: {
    readonly item: string;
    readonly thumbnail: string;
    readonly statistics: string;
    /** Statistics by zone; absent without zones. */
    readonly zones?: string;
    readonly zonesCsv?: string;
  };
  /** The grid in the words of STAC's projection extension. */
  readonly proj: ProjFields;
  /** By scene, how digital numbers became values. */
  readonly radiometry: readonly {
    readonly scene: string;
    readonly bands: Readonly<Record<string, RadiometryDecision>>;
  }[];
  readonly seconds: { readonly process: number; readonly publish: number };
}

export interface ProjFields {
  /** `EPSG:32631`; null for a CRS without a code. */
  readonly code: string | null;
  readonly epsg: number | null;
  /** [rows, columns] */
  readonly shape: readonly [rows: number, columns: number];
  /** `x = t[0] * col + t[1] * row + t[2]`, `y = t[3] * col + t[4] * row + t[5]` (proj:transform, rasterio's order). */
  readonly transform: readonly [number, number, number, number, number, number];
}

export interface RunReport {
  readonly contentKey: string;
  readonly results: readonly RunResult[];
  /** Scenes that were left out, and why. */
  readonly skipped: readonly { readonly scene: string; readonly reason: string }[];
  readonly warnings: readonly string[];
  /** Wall-clock seconds of each stage. */
  readonly seconds: {
    readonly items: number;
    readonly acquire: number;
    readonly plan: number;
    readonly process: number;
    readonly publish: number;
    readonly total: number;
  };
}

export function projFields({ crs, geotransform, width, height }: Grid): ProjFields {
  const epsg = /^EPSG:(\d+)$/.exec(crs)?.[1];
  return {
    code: epsg === undefined ? null : crs,
    epsg: epsg === undefined ? null : Number(epsg),
    shape: [height, width],
    transform: affineOrder(geotransform),
  };
}

/** GDAL's geotransform has the origin first in each row, the affine matrix last. */
function affineOrder([x, a, b, y, d, e]: Geotransform): ProjFields['transform'] {
  return [a, b, x, d, e, y];
}

export function radiometryOf(plan: RequestPlan, product: ProductPlan): RunResult['radiometry'] {
  return product.sceneIndexes.map((index) => ({
    scene: plan.scenes[index]?.id ?? String(index),
    bands: plan.radiometry[index] ?? {},
  }));
}
