/** Colour ramps of pictures, by the names of @swath/raster. */
export type RampId = 'viridis' | 'ndvi' | 'water' | 'greys';

export type IndexDomain = 'vegetation' | 'water' | 'burn' | 'snow' | 'soil' | 'urban';

/** A published formula over reflectances (0 to 1). */
export interface SpectralIndex {
  /** As the literature writes it; found in any case. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What it is and what it shows, one line. */
  readonly title: string;
  /** In STAC common names; `rededge1` to `rededge3` and `nir08` are B05, B06, B07 and B8A of Sentinel-2. */
  readonly formula: string;
  /** Values that a picture stretches over its ramp; values beyond are possible. */
  readonly range: readonly [low: number, high: number];
  readonly ramp: RampId;
  readonly domain: IndexDomain;
  /** Where it was published. */
  readonly reference: string;
}
