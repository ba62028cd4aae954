import type { BboxWgs84, CrsId, Geotransform, MultiPolygonGeometry, PolygonGeometry } from '@swath/geo';

/** What an Item says about the grid of one asset. Absent fields are unknown; the file decides in the end. */
export interface AssetGrid {
  readonly crs: CrsId;
  readonly geotransform: Geotransform;
  readonly width: number;
  readonly height: number;
}

/** One asset of a scene that holds pixels, as far as its Item (any STAC version) tells. */
export interface SceneAsset {
  /** The asset key in the Item (`red`, `B04`, `SR_B4`), or the band name given with a bare GeoTIFF. */
  readonly key: string;
  /** Absolute URL (https, s3), or an absolute file path. Never signed. */
  readonly href: string;
  /** 1-based band of the file. */
  readonly bandIndex: number;
  /** STAC common names and other names of the band, lower case (`red`, `b04`). */
  readonly names: readonly string[];
  readonly roles: readonly string[];
  readonly nodata?: number | 'nan';
  /** `value = DN * scale + offset`, as stated by the Item (raster:bands, bands, or eo). */
  readonly scale?: number;
  readonly offset?: number;
  readonly unit?: string;
  readonly grid?: AssetGrid;
  /** Ground sample distance, metres. */
  readonly gsdM?: number;
  /** Multihash (`file:checksum`), lower-case hex, where the Item has one. */
  readonly checksum?: string;
  readonly sizeBytes?: number;
  /** Media type as stated, lower case. */
  readonly mediaType?: string;
  /** Other addresses of the same file (`alternate`), such as the requester-pays s3:// one of Landsat. */
  readonly alternateHrefs?: readonly string[];
  /** Classes of a classified band (classification extension), names in lower case. */
  readonly classes?: readonly { readonly value: number; readonly name: string }[];
  /** Bit fields of a quality band: lowest bit, length in bits, name in lower case. */
  readonly bits?: readonly { readonly bit: number; readonly length: number; readonly name: string }[];
}

/** An asset with pixels that may not be read, and why. */
export interface UnusableAsset {
  readonly key: string;
  readonly reason: string;
}

/** A STAC Item chosen as input, reduced to what processing needs, pinned to its version. */
export interface Scene {
  /** Identity of the provider the Item came from; `''` for Items named by path or URL. */
  readonly provider: string;
  readonly collection: string;
  readonly id: string;
  /** URL or path of the Item itself, for `derived_from` links. */
  readonly itemHref?: string;
  /** RFC 3339 UTC instant; null for bare GeoTIFFs without a date. */
  readonly datetime: string | null;
  readonly geometry: PolygonGeometry | MultiPolygonGeometry | null;
  readonly bboxes: readonly BboxWgs84[];
  /** 0 to 100; absent means unknown, not 0. */
  readonly cloudCoverPercent?: number;
  readonly platform?: string;
  readonly constellation?: string;
  readonly instruments?: readonly string[];
  readonly assets: readonly SceneAsset[];
  /** Assets left out of `assets`, with the reason. */
  readonly unusable?: readonly UnusableAsset[];
  /** What pins the Item: `updated`, `created`, `s2:generation_time`, version, or the sha256 of the Item. */
  readonly version: string;
  /** Properties that decide radiometry (`earthsearch:boa_offset_applied`, `s2:processing_baseline`, ...). */
  readonly radiometryHints: Readonly<Record<string, string | number | boolean>>;
}
