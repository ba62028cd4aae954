// How far a DEFLATE stream is read, least significant bit first (RFC 1951, section 3.1.1): bits that are loaded and not yet
// used. Loads take 8 bytes, up to 16 bytes beyond the end of the input, where they find bits that mean nothing: who uses
// one of them is found out when the stream is over (`overrun`).

export let bits: u64 = 0;
export let count: u64 = 0;
export let next: usize = 0;
export let inputEnd: usize = 0;

export function startInput(from: usize, length: usize): void {
  bits = 0;
  count = 0;
  next = from;
  inputEnd = from + length;
}

/** Puts back what a loop kept in local variables. */
@inline
export function keepInput(newBits: u64, newCount: u64, newNext: usize): void {
  bits = newBits;
  count = newCount;
  next = newNext;
}

/** At least 56 bits, where the input has them. @returns false when it is over by so much that no bit of it is left. */
export function refill(): bool {
  if (next > inputEnd + 8) return false;
  bits |= load<u64>(next) << count;
  next += <usize>((63 - count) >> 3);
  count |= 56;
  return true;
}

@inline
export function drop(length: u64): void {
  bits >>= length;
  count -= length;
}

/** The next bits, of which at least so many are loaded. */
export function take(length: u64): u32 {
  const value = <u32>(bits & ((<u64>1 << length) - 1));
  drop(length);
  return value;
}

/** Drops the rest of a byte. @returns the address of the first whole byte that is not used. */
export function alignInput(): usize {
  return next - <usize>(count >> 3);
}
