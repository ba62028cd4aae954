/** Sample types that a compiled expression reads as they are; everything else is brought to singles first. */
export type BandType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'float32';

/** A band of one scene as a compiled expression sees it. */
export interface KernelBand {
  readonly name: string;
  readonly type: BandType;
  /** `value = DN * scale + offset`: both rounded to single first, each step rounded to single; 1 and 0 leave the DN alone. */
  readonly scale: number;
  readonly offset: number;
  /** The DN that is no data, compared before scaling; null when every number is data. NaN never is. */
  readonly nodata: number | null;
}

/** Where the planes of `count` pixels lie in memory; each is followed by 64 bytes that may be read. */
export interface KernelPlanes {
  /** Digital numbers per band, in the order of the compiled bands. */
  readonly bands: readonly number[];
  /** Bytes: 1 where the pixel is wanted, 0 where not, and 0 in the 16 bytes after the last. Read only. */
  readonly use: number;
  /** Bytes: bits 0 and 1 are set where the pixel is wanted and every band has data. */
  readonly seen: number;
  /** Singles: a finite result is written where the pixel is wanted, every band has data, and NaN stands. */
  readonly plane: number;
}

/** Computes `count` pixels. */
export type ExpressionKernel = (count: number, planes: KernelPlanes) => void;
