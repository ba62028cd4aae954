// The prefix codes of DEFLATE blocks (RFC 1951, section 3.2) as tables to decode with.
//
// One look-up of the table of literals and lengths gives up to two literals and the length of a match behind them, as far
// as their codes and extra bits fit into its index together: what predicted imagery consists of is a literal and a match
// of 3 to 5 bytes in turn, or literals alone. Codes longer than the index are walked bit by bit: they are rare by what they are.

/** Index bits of the two tables: 16 KiB and 2 KiB, so that both stay in the first-level cache. */
export const LITERAL_BITS: u32 = 12;
export const DISTANCE_BITS: u32 = 9;

/**
 * Entry of literals and lengths: bits 0..5 how many bits it takes; 6..7 how many literals; 8..23 the literals; 24..29 bytes
 * to copy; 31 whether there are such. With bit 30 (ODD) it is one that the fast loop does not take.
 */
export const literalTable = memory.data(4 << 12, 64);
export const ODD: u32 = 1 << 30;
export const MATCH: u32 = 1 << 31;
export const LENGTH_SHIFT: u32 = 24;
export const LENGTH_MASK: u32 = 63;
export const PAYLOAD_SHIFT: u32 = 8;
export const LITERALS_SHIFT: u32 = 6;
const LITERALS_MASK: u32 = 3 << 6;

/**
 * Entry of distances: bits 0..5 bits of code and extra bits; 8..12 bits of the code and BELOW; 16..31 ones for the extra bits.
 * The least distance is in a table of its own: NO_DISTANCE where no code leads.
 */
export const distanceTable = memory.data(4 << 9, 64);
export const distanceBaseTable = memory.data(4 << 9, 64);
/** Beyond any address and less than 2^31: kernel memory ends at 2^29. */
const NO_DISTANCE: u32 = 3 << 28;

/**
 * The bits held begin at bit 2 in the fast loop: with two that mean nothing below them, they are the offset of an entry of
 * four bytes when they are masked, with no shift on the way from one look-up to the next.
 */
export const BELOW: u32 = 2;

const MAX_LENGTH: u32 = 15;
export const END_OF_BLOCK: u32 = 256;
const FIRST_LENGTH: u32 = 257;
const LENGTHS: u32 = 29;
const DISTANCES: u32 = 30;

/** Least length of each length symbol from 257 on, and least distance of each distance symbol; how many extra bits follow. */
const lengthBases = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const lengthExtras = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const distanceBases = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);
const distanceExtras = memory.data<u8>([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);

/** A code to walk: how many codes there are of each length (16 words), then its symbols in the order of their codes (u16). */
const SYMBOLS_AT: usize = 16 * 4;
export const literalCode = memory.data(16 * 4 + 2 * 288, 16);
export const distanceCode = memory.data(16 * 4 + 2 * 288, 16);
export const lengthsCode = memory.data(16 * 4 + 2 * 288, 16);

/** Where the next symbol of each length goes, and its next code. */
const nextPlaces = memory.data(16 * 4, 16);

/** Length symbols: the least length, and how many extra bits. Symbol from 257 to 285. */
@inline
export function lengthBase(symbol: u32): u32 {
  return load<u16>(lengthBases + (<usize>(symbol - FIRST_LENGTH) << 1));
}

@inline
export function lengthExtra(symbol: u32): u32 {
  return load<u8>(lengthExtras + <usize>(symbol - FIRST_LENGTH));
}

@inline
export function isLength(symbol: u32): bool {
  return symbol - FIRST_LENGTH < LENGTHS;
}

/** The distance a symbol from 0 to 29 begins with, and its extra bits. */
@inline
export function distanceBase(symbol: u32): u32 {
  return load<u16>(distanceBases + (<usize>symbol << 1));
}

@inline
export function distanceExtra(symbol: u32): u32 {
  return load<u8>(distanceExtras + <usize>symbol);
}

@inline
export function isDistance(symbol: u32): bool {
  return symbol < DISTANCES;
}

/**
 * Takes the code lengths of an alphabet (a byte each). @returns whether the code is complete; `single`: or has one code of
 * one bit, or none, as zlib lets it pass for literals and distances.
 */
export function readCode(code: usize, lengths: usize, symbols: u32, single: bool): bool {
  memory.fill(code, 0, SYMBOLS_AT);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const at = code + (<usize>load<u8>(lengths + symbol) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  store<u32>(code, 0);
  let left: i32 = 1;
  let used: u32 = 0;
  let longest: u32 = 0;
  for (let length: u32 = 1; length <= MAX_LENGTH; length++) {
    const count = load<u32>(code + (<usize>length << 2));
    store<u32>(nextPlaces + (<usize>length << 2), used);
    used += count;
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    if (count > 0) longest = length;
  }
  if (left > 0 && !(single && longest <= 1)) return false;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const at = nextPlaces + (<usize>length << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u16>(code + SYMBOLS_AT + (<usize>place << 1), <u16>symbol);
  }
  return true;
}

/** The symbol whose code `bits` begin with << 8 | the length of its code; 0 when there is none. */
export function walk(code: usize, bits: u64): u32 {
  let word: u32 = 0;
  let first: u32 = 0;
  let index: u32 = 0;
  for (let length: u32 = 1; length <= MAX_LENGTH; length++) {
    word |= <u32>(bits & 1);
    bits >>= 1;
    const count = load<u32>(code + (<usize>length << 2));
    if (word - first < count) {
      return (<u32>load<u16>(code + SYMBOLS_AT + (<usize>(index + word - first) << 1)) << 8) | length;
    }
    index += count;
    first = (first + count) << 1;
    word <<= 1;
  }
  return 0;
}

/** Code words count up from their most significant bit, the stream has that first: adds one to a reversed word of `length` bits. */
@inline
function nextReversed(word: u32, length: u32): u32 {
  let bit: u32 = 1 << (length - 1);
  while ((word & bit) != 0) bit >>= 1;
  return bit == 0 ? 0 : (word & (bit - 1)) | bit;
}

/** Fills the places of a table whose index begins with a word. */
@inline
function fillEntry(table: usize, word: u32, length: u32, indexBits: u32, entry: u32): void {
  const end = table + (<usize>4 << indexBits);
  const step = <usize>4 << length;
  for (let at = table + (<usize>word << 2); at < end; at += step) store<u32>(at, entry);
}

/** The places of a length symbol, its extra bits resolved where they fit. */
function fillLength(symbol: u32, word: u32, length: u32): void {
  const extra = lengthExtra(symbol);
  const base = lengthBase(symbol);
  const bits = length + extra;
  if (bits > LITERAL_BITS || base + (1 << extra) - 1 > LENGTH_MASK) {
    fillEntry(literalTable, word, length, LITERAL_BITS, ODD);
    return;
  }
  for (let more: u32 = 0; more < <u32>1 << extra; more++) {
    fillEntry(literalTable, word | (more << length), bits, LITERAL_BITS, MATCH | ((base + more) << LENGTH_SHIFT) | bits);
  }
}

/** The table of {@link literalCode}. */
export function makeLiteralTable(): void {
  let place = literalCode + SYMBOLS_AT;
  let word: u32 = 0;
  let filled: u32 = 0;
  for (let length: u32 = 1; length <= LITERAL_BITS; length++) {
    const count = load<u32>(literalCode + (<usize>length << 2));
    filled += count << (LITERAL_BITS - length);
    for (let left = count; left > 0; left--) {
      const symbol: u32 = load<u16>(place);
      if (isLength(symbol)) fillLength(symbol, word, length);
      else {
        const literal = (symbol << PAYLOAD_SHIFT) | (1 << LITERALS_SHIFT) | length;
        fillEntry(literalTable, word, length, LITERAL_BITS, symbol < END_OF_BLOCK ? literal : ODD);
      }
      place += 2;
      word = nextReversed(word, length);
    }
  }
  if (filled < <u32>1 << LITERAL_BITS) fillRest(word, ODD);
  joinEntries();
}

/** The places that no code up to LITERAL_BITS takes: those of the words from `word` on. */
function fillRest(word: u32, entry: u32): void {
  let at = word;
  do {
    store<u32>(literalTable + (<usize>at << 2), entry);
    at = nextReversed(at, LITERAL_BITS);
  } while (at != 0);
}

/**
 * Puts what follows a literal into its entry, from the last place down: the bits behind a code are the index of a place
 * further up, which still holds one symbol.
 */
function joinEntries(): void {
  for (let index: i32 = (1 << LITERAL_BITS) - 1; index >= 0; index--) {
    const at = literalTable + (<usize>index << 2);
    let entry = load<u32>(at);
    if ((entry & LITERALS_MASK) == 0) continue;
    let bits = entry & 63;
    let next = load<u32>(literalTable + (<usize>(<u32>index >> bits) << 2));
    if (bits + (next & 63) > LITERAL_BITS || next == ODD) continue;
    if ((next & LITERALS_MASK) != 0) {
      entry |= (next >> PAYLOAD_SHIFT) << (PAYLOAD_SHIFT + 8);
      entry += (1 << LITERALS_SHIFT) + (next & 63);
      bits = entry & 63;
      next = load<u32>(literalTable + (<usize>(<u32>index >> bits) << 2));
      if (bits + (next & 63) > LITERAL_BITS || next == ODD || (next & LITERALS_MASK) != 0) {
        store<u32>(at, entry);
        continue;
      }
    }
    store<u32>(at, (entry | (next & ~63)) + (next & 63));
  }
}

/** The table of {@link distanceCode}. */
export function makeDistanceTable(): void {
  const code = distanceCode;
  const end = distanceBaseTable + (4 << DISTANCE_BITS);
  for (let at = distanceBaseTable; at < end; at += 4) store<u32>(at, NO_DISTANCE);
  let place = code + SYMBOLS_AT;
  let word: u32 = 0;
  for (let length: u32 = 1; length <= DISTANCE_BITS; length++) {
    for (let left = load<u32>(code + (<usize>length << 2)); left > 0; left--) {
      const symbol: u32 = load<u16>(place);
      if (isDistance(symbol)) {
        const extra = distanceExtra(symbol);
        const entry = (((1 << extra) - 1) << 16) | ((length + BELOW) << 8) | (length + extra);
        fillEntry(distanceTable, word, length, DISTANCE_BITS, entry);
        fillEntry(distanceBaseTable, word, length, DISTANCE_BITS, distanceBase(symbol));
      }
      place += 2;
      word = nextReversed(word, length);
    }
  }
}
