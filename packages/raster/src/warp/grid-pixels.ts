/** Pixels on the grid; values are digital numbers, not rounded when interpolated. */
export interface GridPixels {
  readonly values: Float32Array;
  /** 1 = valid; the value of any other pixel is NaN. */
  readonly valid: Uint8Array;
}

/** Fills `out` from a plane of as many singles, NaN where invalid. */
export function setPixels(out: GridPixels, plane: Float32Array): void {
  out.values.set(plane);
  for (let i = 0; i < plane.length; i++) out.valid[i] = Number(!Number.isNaN(plane[i]!));
}
