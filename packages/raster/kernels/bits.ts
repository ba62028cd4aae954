// The bits of a DEFLATE stream on their way to memory: least significant first (RFC 1951, section 3.1.1).
// Up to 56 bits may be added between two calls of `flush`. A flush stores 8 bytes, of which the last ones are overwritten
// by the next: a buffer has 8 bytes to spare after the last one that counts.

let address: usize = 0;
let pending: u64 = 0;
let pendingBits: u64 = 0;

/** Starts to write at an address. */
export function startBits(at: usize): void {
  address = at;
  pending = 0;
  pendingBits = 0;
}

@inline
export function putBits(value: u64, count: u64): void {
  pending |= value << pendingBits;
  pendingBits += count;
}

@inline
export function flushBits(): void {
  store<u64>(address, pending);
  address += <usize>(pendingBits >> 3);
  pending >>= pendingBits & ~7;
  pendingBits &= 7;
}

/** Fills up the last byte with zero bits. @returns the address after it. */
export function alignBits(): usize {
  flushBits();
  if (pendingBits > 0) {
    store<u8>(address, <u8>pending);
    address++;
    pending = 0;
    pendingBits = 0;
  }
  return address;
}

// A loop that writes many bits keeps this state in local variables: it reads it here and gives it back.

@inline
export function bitsAddress(): usize {
  return address;
}

@inline
export function bitsPending(): u64 {
  return pending;
}

@inline
export function bitsPendingCount(): u64 {
  return pendingBits;
}

@inline
export function resumeBits(at: usize, bits: u64, count: u64): void {
  address = at;
  pending = bits;
  pendingBits = count;
}
