import type { CrsId, Geotransform, PixelWindow } from '@swath/geo';
import type { KernelSpace } from './kernels/space.ts';

/** Bytes at an address that can be read by range: a file, an https URL, an object. */
export interface ByteSource {
  /** For messages: a path, or a URL without query and credentials. */
  readonly name: string;
  /** A read takes a round trip: reads are worth starting early and side by side. @default absent: local */
  readonly remote?: true;
  /**
   * Bytes [offset, offset + length), cut at the end of the source.
   * @throws SwathError NotFound, Unavailable, Throttled, Corrupt (the source changed, or lied about its length).
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Takes bytes of `read` back for the next one; the caller keeps nothing of them. */
  recycle?(bytes: Uint8Array): void;
  /** Total size in bytes, once known. */
  size(signal?: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

export type SampleType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128'
  | 'cint16'
  | 'cint32';

export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

export interface BandInfo {
  /** GDAL_METADATA or 1, 0: `value = DN * scale + offset`. */
  readonly scale: number;
  readonly offset: number;
  readonly description?: string;
}

export interface LevelInfo {
  readonly width: number;
  readonly height: number;
  readonly blockWidth: number;
  readonly blockHeight: number;
}

export interface RasterInfo {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly BandInfo[];
  /** One type for all bands (TIFF's rule in practice; mixed types are Unsupported). */
  readonly dtype: SampleType;
  /** `EPSG:n` or a PROJ string; null without georeference. */
  readonly crs: CrsId | null;
  /** null without one (GCPs only, or nothing). */
  readonly geotransform: Geotransform | null;
  /** As GDAL reads GDAL_NODATA for this type; `'nan'` for NaN; null when none. */
  readonly nodata: number | 'nan' | null;
  /** Full resolution first, then overviews, largest first. */
  readonly levels: readonly LevelInfo[];
  /** `none`, `deflate`, `lzw`, `packbits`, `zstd`, `lerc`, `jpeg`, `webp`, `jp2k`. */
  readonly compression: string;
  /** TIFF tag words kept for `raster info`. */
  readonly tags: Readonly<Record<string, string | number>>;
}

export interface WindowRequest {
  /** 1-based. */
  readonly band: number;
  /** Index into `levels`; 0 is full resolution. */
  readonly level: number;
  /** In pixels of that level; must lie inside it. */
  readonly window: PixelWindow;
  /** The next window will be the one below: blocks are decoded as far as this one needs, where that can be. */
  readonly inRows?: true;
  readonly signal?: AbortSignal;
}

export interface WindowPixels {
  /** Row-major, `window.width * window.height` samples in the image's own type. */
  readonly data: Samples;
  /** 1 = valid, 0 = invalid by mask band, alpha or sparse block. Absent: nothing but nodata decides. */
  readonly valid?: Uint8Array;
}

/** Room for the samples of a window in kernel memory: `width * height` samples, rows dense. */
export interface KernelTarget {
  readonly space: KernelSpace;
  readonly at: number;
}

/** An open raster. Headers are read once; windows are read on demand. */
export interface RasterImage {
  readonly name: string;
  readonly info: RasterInfo;
  /** @throws SwathError Corrupt, Unsupported (naming the feature), Unavailable. */
  readWindow(request: WindowRequest): Promise<WindowPixels>;
  /**
   * The same with the samples in kernel memory, without the copies between. Memory of the space may be taken meanwhile,
   * and is released again before anything is waited for.
   */
  readInto?(request: WindowRequest, target: KernelTarget): Promise<Pick<WindowPixels, 'valid'>>;
  close(): Promise<void>;
}

/** Opens an image by href (absolute path, file:, https:, s3:, object:). Implementations cache headers per href. */
export type OpenImage = (href: string, signal?: AbortSignal) => Promise<RasterImage>;
