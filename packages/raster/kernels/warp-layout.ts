// What the warp kernels share: how positions are written down.
//
// Positions are fixed-point, 32 bits of fraction, so that the position of a pixel is start + n * step exactly, however a
// run of pixels is cut. Source windows are dense, row-major; "inside" always means inside the window that was read,
// which the caller makes large enough that only the edge of the image is an edge.

/** A run of pixels: x, y, step of x, step of y (64 bits each), index of the first pixel, number of pixels (32 bits). */
export const RUN_BYTES: usize = 40;
export const RUN_X: usize = 0;
export const RUN_Y: usize = 8;
export const RUN_DX: usize = 16;
export const RUN_DY: usize = 24;
export const RUN_OUT: usize = 32;
export const RUN_LENGTH: usize = 36;

export const ONE: f64 = 4294967296.0;
export const HALF: i64 = 2147483648;

/** EDGE_PX of warp/limits.ts: a position this near below a pixel edge counts as on it. */
export const EDGE: i64 = 4295;
export const EDGE_PX: f64 = 1e-6;

/** WEIGHT_MIN of GDAL: weights below this are no evidence. */
export const WEIGHT_MIN: f32 = 1e-5;

// @ts-ignore: decorator
@inline
export function whole(position: i64): i32 {
  return <i32>(position >> 32);
}

/** Fraction of a position, cut to the 24 bits a single holds exactly. */
// @ts-ignore: decorator
@inline
export function fraction(position: i64): f32 {
  return <f32>(<i32>(<u32>position >>> 8)) * <f32>(1.0 / 16777216.0);
}

/** The one NaN that results hold, whatever NaN went in. */
// @ts-ignore: decorator
@inline
export function storeResult(at: usize, value: f32): void {
  store<f32>(at, value == value ? value : f32.NaN);
}
