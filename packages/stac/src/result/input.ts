import type { Grid, MultiPolygonGeometry, PolygonGeometry } from '@swath/geo';
import type { RadiometryDecision } from '../radiometry-types.ts';

/** All that the Item of one product says. Plain values: the package knows nothing of requests. */
export interface ResultItemInput {
  readonly id: string;
  /** STAC wants the link wherever there is the id. */
  readonly collection?: { readonly id: string; readonly href: string };
  readonly title?: string;
  readonly description?: string;
  /** Footprint of the valid pixels or of the grid; WGS 84. */
  readonly geometry: PolygonGeometry | MultiPolygonGeometry;
  /** RFC 3339 instants of the first and last input; equal for one date, null where inputs have no date. */
  readonly start: string | null;
  readonly end: string | null;
  /** RFC 3339 instant of publication. */
  readonly created: string;
  readonly grid: Grid;
  readonly bands: readonly ResultBand[];
  /** Share of pixels with data that clouds hid, 0 to 100; null when unknown. */
  readonly cloudCoverPercent: number | null;
  readonly processing: {
    /** One sentence on how the pixels came about. */
    readonly lineage: string;
    /** Name -> version. */
    readonly software: Readonly<Record<string, string>>;
    /** `{format: 'swath', expression: '(nir - red) / (nir + red)'}`. */
    readonly expression?: { readonly format: string; readonly expression: unknown };
  };
  readonly scenes: readonly ResultScene[];
  readonly assets: {
    readonly cog: ResultAsset;
    readonly thumbnail?: ResultAsset;
    /** Statistics as JSON. */
    readonly statistics?: ResultAsset;
    /** Statistics by zone, as JSON and as CSV. */
    readonly zones?: ResultAsset;
    readonly zonesCsv?: ResultAsset;
    /** The request and plan as JSON. */
    readonly metadata?: ResultAsset;
  };
  readonly links?: readonly ResultLink[];
  /** More properties, such as `swath:request`. Win over nothing: a name in use is a Bug. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface ResultBand {
  readonly name: string;
  readonly description?: string;
  readonly commonName?: string;
  readonly unit?: string;
  /** `DN = round((value - offset) / scale)` for integers, the value itself for float32. */
  readonly stored: {
    readonly dtype: 'float32' | 'int16' | 'uint16' | 'uint8' | 'int32';
    readonly scale: number;
    readonly offset: number;
    readonly nodata: number | 'nan';
  };
  /** Of values as a reader sees them (DN * scale + offset); null without a valid pixel. */
  readonly statistics: {
    readonly validPercent: number;
    readonly count: number;
    readonly min: number | null;
    readonly max: number | null;
    readonly mean: number | null;
    readonly std: number | null;
    readonly histogram: readonly number[] | null;
  };
}

/** A scene that went into the product, with the radiometry of its bands by band name. */
export interface ResultScene {
  readonly id: string;
  readonly collection: string;
  readonly itemHref?: string;
  readonly version: string;
  readonly radiometry: Readonly<Record<string, RadiometryDecision>>;
}

export interface ResultAsset {
  /** URL, or a path relative to the Item. */
  readonly href: string;
  readonly sizeBytes?: number;
  /** Lower-case hex. */
  readonly sha256?: string;
  /** Media type; by default that of the asset's kind (COG, PNG, JSON). */
  readonly mediaType?: string;
  readonly title?: string;
}

export interface ResultLink {
  readonly rel: string;
  readonly href: string;
  readonly type?: string;
  readonly title?: string;
}
