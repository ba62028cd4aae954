import type { Constants } from './constants.ts';

/** Colour ramps of pictures, by the names of @swath/raster. */
export type RampId = 'viridis' | 'ndvi' | 'water' | 'greys';

export type IndexDomain =
  | 'vegetation'
  | 'kernel'
  | 'water'
  | 'burn'
  | 'snow'
  | 'soil'
  | 'urban'
  | 'clouds'
  | 'radar';

/** A published formula over reflectances (0 to 1), temperatures in kelvin (`lwir*`) or linear backscatter (`vv`, `vh`, `hh`, `hv`). */
export interface SpectralIndex {
  /** As the literature writes it; found in any case. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it is and what it shows, one line. */
  readonly title: string;
  /** Over `bands` and `constants`. */
  readonly formula: string;
  /** STAC common names; `rededge1` to `rededge3` are B05, B06 and B07 of Sentinel-2, `nir08` is B8A. */
  readonly bands: readonly string[];
  /** Values of the formula's constants; null: no value is right for everybody, the user has to give one. */
  readonly constants: Constants;
  /** Values that a picture stretches over its ramp, values beyond are possible; null: those of each picture. */
  readonly range: readonly [low: number, high: number] | null;
  readonly ramp: RampId;
  readonly domain: IndexDomain;
  /** Where it was published. */
  readonly reference: string;
}

/** A line of the tables beside this file. */
export type IndexRow = readonly [
  name: string,
  title: string,
  formula: string,
  reference: string,
  look?: {
    readonly range?: readonly [low: number, high: number];
    /** @default that of the domain */
    readonly ramp?: RampId;
    readonly aliases?: readonly string[];
  },
];
