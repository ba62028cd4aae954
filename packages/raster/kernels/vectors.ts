// What a last, incomplete vector of a row needs. Loads may pass the end of a row (every buffer is followed by 64 bytes
// that nobody uses), stores may not: what lies there can be another tile's.

export const VECTOR_BYTES: i32 = 16;

/** 16 bytes of ones, then 16 of zeros: the mask of the first n bytes starts at 16 - n. */
const ONES_THEN_ZEROS: usize = memory.data<u64>([-1, -1, 0, 0]);

/** Where a last vector is put to copy its first bytes from. */
const LAST: usize = memory.data(16, 16);

/** Ones in the first `bytes` bytes; all ones from 16 up, none from 0 down. */
export function firstBytes(bytes: i32): v128 {
  return v128.load(ONES_THEN_ZEROS + VECTOR_BYTES - min(max(bytes, 0), VECTOR_BYTES));
}

/** Stores the first `bytes` bytes of a vector; all of it from 16 up, none from 0 down. */
export function storeFirst(to: usize, vector: v128, bytes: i32): void {
  v128.store(LAST, vector);
  memory.copy(to, LAST, min(max(bytes, 0), VECTOR_BYTES));
}
