import type { Grid, MultiPolygonGeometry, PolygonGeometry } from '@swath/geo';
import type { Expression } from '../expression/ast.ts';

/** Method that brings a source to the grid; words of gdalwarp. */
export type Resampling = 'nearest' | 'bilinear' | 'cubic' | 'average' | 'mode' | 'min' | 'max';

/** Reducer over time. `none`: every date is a product of its own. */
export type Composite = 'none' | 'first' | 'min' | 'max' | 'mean' | 'median';

export interface BandInput {
  readonly href: string;
  /** 1-based. */
  readonly bandIndex: number;
  /** Overrides the file's nodata when present. Compared with the DN before scaling. */
  readonly nodata?: number | 'nan';
  /** `value = DN * scale + offset`. */
  readonly scale: number;
  readonly offset: number;
}

/** Pixels that the rule selects are dropped. Brought to the grid by nearest neighbour. */
export interface MaskInput {
  readonly href: string;
  readonly bandIndex: number;
  /** A pixel is dropped when its value is one of `classes`, or when any of `bits` (0 = lowest) is set. */
  readonly rule: { readonly classes: readonly number[] } | { readonly bits: readonly number[] };
}

export interface SceneInput {
  readonly id: string;
  readonly bands: Readonly<Record<string, BandInput>>;
  readonly mask?: MaskInput;
}

/** Scenes of one date: per pixel, the first scene that is valid there wins, in the listed order. */
export interface TimeStep {
  readonly label: string;
  readonly scenes: readonly SceneInput[];
}

export interface ProductOutput {
  /** Band name in the result: `ndvi`, `expression`, `red`. */
  readonly name: string;
  readonly expression: Expression;
}

/** All that decides the pixels of one product. */
export interface ProductWork {
  readonly grid: Grid;
  readonly steps: readonly TimeStep[];
  readonly outputs: readonly ProductOutput[];
  readonly composite: Composite;
  readonly resampling: Resampling;
  /** Pixels whose centre lies outside become nodata. WGS 84 coordinates; edges are straight in lon/lat. */
  readonly clip?: PolygonGeometry | MultiPolygonGeometry;
}

export interface ChunkPixels {
  /** One plane per output, row-major over the window; NaN = nodata. */
  readonly planes: readonly Float32Array[];
  readonly counts: PixelCounts;
}

export interface PixelCounts {
  /** Pixels of the window inside the clip. */
  readonly total: number;
  /** Of these, pixels where some scene has data before masking. */
  readonly withData: number;
  /** Of `withData`, pixels every scene's mask dropped (clouds). */
  readonly masked: number;
  /** Pixels with a value in the first output. */
  readonly valid: number;
}

/** How values are stored: `DN = round((value - offset) / scale)` for integers, value itself for float32. */
export interface StoredType {
  readonly dtype: 'float32' | 'int16' | 'uint16' | 'uint8' | 'int32';
  readonly scale: number;
  readonly offset: number;
  readonly nodata: number | 'nan';
}

/** Of values as a reader sees them (DN * scale + offset, after rounding). All null when no pixel is valid. */
export interface BandStatistics {
  readonly count: number;
  readonly validPercent: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Population standard deviation. */
  readonly std: number | null;
  readonly percentiles: Readonly<Record<'p2' | 'p5' | 'p25' | 'p50' | 'p75' | 'p95' | 'p98', number>> | null;
  /** 256 equal bins from min to max, both inclusive. */
  readonly histogram: readonly number[] | null;
}
