// Finds the runs of equal bytes in a block and counts what remains.
//
// After a predictor, raster noise has next to no matches that pay but repeats of the byte before: masked areas, and the
// exponents of predictor 3. So the only distance of this encoder is 1, and finding matches is one vector comparison.

/** Bytes of one block at most: its steps fit the tables here, and sections of a tile that differ get codes of their own. */
export const BLOCK_BYTES: usize = 262_144;

/** Repeats of a byte from which a match is shorter than literals, common ones included. RFC 1951 allows 3. */
const MIN_RUN: i32 = 4;

/** Longest match of DEFLATE. */
export const MAX_MATCH: i32 = 258;
const MIN_MATCH: i32 = 3;

/**
 * A step is "so many literals, then a match of so many bytes": literals << MATCH_BITS | match, 0 for no match.
 * Steps are at most a quarter of the bytes: a run of n >= MIN_RUN bytes becomes at most n / 4 of them.
 */
export const MATCH_BITS: u32 = 9;
export const MATCH_MASK: u32 = (1 << 9) - 1;
const steps = memory.data((262_144 / 4 + 2) * 4, 16);
let stepCount: i32 = 0;
/** Bytes of the block that are literals, and whether the counts were made of some of them. */
let literalTotal: usize = 0;
let isSampled: bool = false;

/**
 * From so many literals of a block on, a fifth of them is counted: their codes come out a few hundredths of a percent
 * longer, and counting takes a third of what writing does.
 */
const SAMPLE_FROM_LITERALS: usize = 65_536;
/** Eight bytes are counted of so many: an odd number, so that none of the bands of interleaved samples is passed over. */
const SAMPLE_STRIDE: usize = 37;

/** Four tables of counts, so that neighbours of one value do not wait for each other; added up into the first. */
const TABLE_BYTES: usize = 256 * 4;
const literals = memory.data(4 * 256 * 4, 16);
/** Matches of each length. */
const matches = memory.data(259 * 4, 16);

const CHUNK: usize = 64;
const VECTOR: usize = 16;

export function stepsAddress(): usize {
  return steps;
}

export function stepsCount(): i32 {
  return stepCount;
}

/** 256 counts, 4 bytes each. */
export function literalCounts(): usize {
  return literals;
}

/** Literals of the block: what their counts add up to where they are exact. */
export function literalsOfBlock(): usize {
  return literalTotal;
}

/** Whether {@link literalCounts} are estimates, none of them 0, so that sizes that are taken from them are too. */
export function countsAreSampled(): bool {
  return isSampled;
}

/** Whether some block of so many bytes can have sampled counts. */
export function mayBeSampled(length: usize): bool {
  return length >= SAMPLE_FROM_LITERALS;
}

/** 259 counts, 4 bytes each; index = length of the match. */
export function matchCounts(): usize {
  return matches;
}

@inline
function addStep(literalBytes: usize, match: i32): void {
  store<u32>(steps + (<usize>stepCount << 2), (<u32>literalBytes << MATCH_BITS) | <u32>match);
  stepCount++;
}

/** @param place - four times the index */
@inline
function increment(table: usize, place: usize): void {
  const at = table + place;
  store<u32>(at, load<u32>(at) + 1);
}

@inline
function repeatsOfVector(at: usize): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(at - 1)));
}

/** Bit i is set where byte `at + i` equals the byte before it, for 64 bytes. */
@inline
function repeatsOfChunk(at: usize): u64 {
  return (
    repeatsOfVector(at) |
    (repeatsOfVector(at + VECTOR) << 16) |
    (repeatsOfVector(at + 2 * VECTOR) << 32) |
    (repeatsOfVector(at + 3 * VECTOR) << 48)
  );
}

/** First address from `at` on whose byte differs from the one before, or `end`. */
function endOfRun(at: usize, end: usize): usize {
  while (at < end) {
    const different = ~repeatsOfChunk(at);
    if (different != 0) {
      const stop = at + <usize>ctz(different);
      return stop < end ? stop : end;
    }
    at += CHUNK;
  }
  return end;
}

/** Adds the steps of a run and of the literals before it. @returns the first byte that has no step then. */
function addRun(pending: usize, start: usize, stop: usize): usize {
  let from = pending;
  let at = start;
  while (stop - at >= <usize>MIN_MATCH) {
    const left = stop - at;
    const match: usize = left < <usize>MAX_MATCH ? left : <usize>MAX_MATCH;
    addStep(at - from, <i32>match);
    increment(matches, match << 2);
    literalTotal -= match;
    at += match;
    from = at;
  }
  return from;
}

/** Adds eight bytes to the counts: indices come scaled to the tables' four bytes an entry. */
@inline
function countEight(at: usize): void {
  const bytes = load<u64>(at);
  increment(literals, <usize>((bytes << 2) & 0x3fc));
  increment(literals + TABLE_BYTES, <usize>((bytes >> 6) & 0x3fc));
  increment(literals + 2 * TABLE_BYTES, <usize>((bytes >> 14) & 0x3fc));
  increment(literals + 3 * TABLE_BYTES, <usize>((bytes >> 22) & 0x3fc));
  increment(literals, <usize>((bytes >> 30) & 0x3fc));
  increment(literals + TABLE_BYTES, <usize>((bytes >> 38) & 0x3fc));
  increment(literals + 2 * TABLE_BYTES, <usize>((bytes >> 46) & 0x3fc));
  increment(literals + 3 * TABLE_BYTES, <usize>((bytes >> 54) & 0x3fc));
}

/** Counts the bytes that the steps leave as literals. */
function countLiterals(from: usize): void {
  let at = from;
  for (let i = 0; i < stepCount; i++) {
    const step = load<u32>(steps + (<usize>i << 2));
    const end = at + <usize>(step >> MATCH_BITS);
    while (at + 8 <= end) {
      countEight(at);
      at += 8;
    }
    while (at < end) {
      increment(literals, <usize>load<u8>(at) << 2);
      at++;
    }
    at += <usize>(step & MATCH_MASK);
  }
  addTables();
}

/** Estimates the counts from groups of eight literals at equal distances. No count is 0 then. */
function sampleLiterals(from: usize): void {
  let at = from;
  /** Literals until the next group. */
  let skip: usize = 0;
  for (let i = 0; i < stepCount; i++) {
    const step = load<u32>(steps + (<usize>i << 2));
    const end = at + <usize>(step >> MATCH_BITS);
    at += skip;
    while (at + 8 <= end) {
      countEight(at);
      at += SAMPLE_STRIDE;
    }
    if (at < end) {
      for (let each = at; each < end; each++) increment(literals, <usize>load<u8>(each) << 2);
      at += SAMPLE_STRIDE;
    }
    skip = at - end;
    at = end + <usize>(step & MATCH_MASK);
  }
  addTables();
  for (let sum = literals; sum < literals + TABLE_BYTES; sum += VECTOR) {
    const scaled = i32x4.shr_u(i32x4.mul(v128.load(sum), i32x4.splat(<i32>SAMPLE_STRIDE)), 3);
    v128.store(sum, i32x4.add(scaled, i32x4.splat(1)));
  }
}

/** Adds the four tables up into the first. */
function addTables(): void {
  for (let sum = literals; sum < literals + TABLE_BYTES; sum += VECTOR) {
    const half = i32x4.add(v128.load(sum), v128.load(sum + TABLE_BYTES));
    const rest = i32x4.add(v128.load(sum + 2 * TABLE_BYTES), v128.load(sum + 3 * TABLE_BYTES));
    v128.store(sum, i32x4.add(half, rest));
  }
}

/**
 * Cuts a block into steps and counts its literals and matches. The first byte of the stream, which has none before it,
 * is a literal whatever stands there in memory.
 * @param first - address of the first byte of the whole stream
 */
export function findRuns(from: usize, length: usize, first: usize): void {
  stepCount = 0;
  literalTotal = length;
  memory.fill(literals, 0, 4 * TABLE_BYTES);
  memory.fill(matches, 0, 259 * 4);
  const end = from + length;
  let pending = from; // First byte that no step has yet.
  let at = from;
  /** Bits of the chunk that are still to be looked at. */
  let open: u64 = from == first ? ~1 : ~0;
  while (at < end) {
    let repeats = repeatsOfChunk(at) & open;
    open = ~0;
    const left = end - at;
    if (left < CHUNK) repeats &= ((<u64>1) << <u64>left) - 1;
    let next = at + CHUNK;
    while (true) {
      // Bit i: MIN_RUN repeats begin here.
      const pairs = repeats & (repeats >> 1);
      const runs = pairs & (pairs >> (MIN_RUN - 2));
      if (runs == 0) break;
      const bit = ctz(runs);
      const start = at + <usize>bit;
      const bits = ctz(~(repeats >> bit));
      const inChunk = bits + bit < 64;
      const stop = inChunk ? start + <usize>bits : endOfRun(next, end);
      pending = addRun(pending, start, stop);
      if (!inChunk) {
        next = stop;
        break;
      }
      repeats &= (~(<u64>0)) << (bits + bit);
    }
    at = next;
  }
  if (pending < end) addStep(end - pending, 0);
  isSampled = literalTotal >= SAMPLE_FROM_LITERALS;
  if (isSampled) sampleLiterals(from);
  else countLiterals(from);
}
