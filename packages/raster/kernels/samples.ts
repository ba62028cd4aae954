// The sample types of products by their code, and what nodata means to each. Codes are SAMPLE_CODE of
// src/kernels/kernels.ts.

export const UINT8: i32 = 0;
export const INT16: i32 = 1;
export const UINT16: i32 = 2;
export const INT32: i32 = 3;
export const FLOAT32: i32 = 4;

/** A single that compares equal to nodata and to nothing else; NaN, which equals nothing, when no single does. */
export function singleNodata(nodata: f64): f32 {
  const single = <f32>nodata;
  return <f64>single == nodata ? single : NaN;
}

/** Numbers that integer type T has. */
@inline
function numbersOf<T>(): f64 {
  return <f64>(<u64>1 << (8 * sizeof<T>()));
}

/** Smallest number of integer type T. */
@inline
export function smallestOf<T>(): f64 {
  return isSigned<T>() ? -numbersOf<T>() / 2 : 0;
}

/** Largest number of integer type T. */
@inline
export function largestOf<T>(): f64 {
  return smallestOf<T>() + numbersOf<T>() - 1;
}

/** Whether some sample of integer type T equals nodata. */
export function isNumberOf<T>(nodata: f64): bool {
  return nodata == floor(nodata) && nodata >= smallestOf<T>() && nodata <= largestOf<T>();
}
