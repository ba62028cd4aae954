// Huffman codes as DEFLATE wants them (RFC 1951, section 3.2.2): lengths from counts, limited, then canonical codes.

/** Most symbols of one alphabet: 286 literals and lengths, with two that never occur. */
export const MAX_SYMBOLS: i32 = 288;

/** No DEFLATE code is longer. */
const MAX_LENGTH: i32 = 15;

/** Room for the number of codes of each length before it is limited: a tree of 288 leaves is at most 287 deep. */
const MAX_DEPTH: i32 = MAX_SYMBOLS;

/** Used symbols, rarest first: count << SYMBOL_BITS | symbol. A block has at most 2^18 + 1 symbols, so this fits 32 bits. */
const sorted = memory.data(MAX_SYMBOLS * 4, 16);
const SYMBOL_BITS: u32 = 9;
const SYMBOL_MASK: u32 = (1 << 9) - 1;

/** Weight and parent of each node of the tree: first the leaves as sorted, then the inner nodes as they come. */
const weights = memory.data(2 * MAX_SYMBOLS * 4, 16);
const parents = memory.data(2 * MAX_SYMBOLS * 2, 16);
const depths = memory.data(2 * MAX_SYMBOLS * 2, 16);

/** How many codes there are of each length. */
const lengthCounts = memory.data(MAX_DEPTH * 4, 16);
const nextCodes = memory.data((MAX_LENGTH + 1) * 4, 16);

@inline
function word(table: usize, index: i32): u32 {
  return load<u32>(table + (<usize>index << 2));
}

@inline
function setWord(table: usize, index: i32, value: u32): void {
  store<u32>(table + (<usize>index << 2), value);
}

@inline
function addToWord(table: usize, index: i32, value: u32): void {
  setWord(table, index, word(table, index) + value);
}

/** Puts the used symbols in order of their counts (shell sort). @returns how many they are. */
function sortSymbols(counts: usize, symbols: i32): i32 {
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = word(counts, symbol);
    if (count > 0) {
      setWord(sorted, used, (count << SYMBOL_BITS) | <u32>symbol);
      used++;
    }
  }
  for (let gap = used >> 1; gap > 0; gap >>= 1) {
    for (let i = gap; i < used; i++) {
      const key = word(sorted, i);
      let at = i;
      while (at >= gap && word(sorted, at - gap) > key) {
        setWord(sorted, at, word(sorted, at - gap));
        at -= gap;
      }
      setWord(sorted, at, key);
    }
  }
  return used;
}

/** Joins the two lightest nodes until one is left: leaves and inner nodes are two queues that are in order by themselves. */
function buildTree(leaves: i32): void {
  for (let i = 0; i < leaves; i++) {
    setWord(weights, i, word(sorted, i) >> SYMBOL_BITS);
  }
  const nodes = 2 * leaves - 1;
  let leaf = 0;
  let inner = leaves;
  for (let made = leaves; made < nodes; made++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      let lightest: i32;
      if (leaf < leaves && (inner >= made || word(weights, leaf) <= word(weights, inner))) {
        lightest = leaf;
        leaf++;
      } else {
        lightest = inner;
        inner++;
      }
      weight += word(weights, lightest);
      store<u16>(parents + (<usize>lightest << 1), <u16>made);
    }
    setWord(weights, made, weight);
  }
}

/** Counts leaves by depth, deeper ones as `limit`. */
function countDepths(leaves: i32, limit: i32): void {
  memory.fill(lengthCounts, 0, MAX_DEPTH * 4);
  const root = 2 * leaves - 2;
  store<u16>(depths + (<usize>root << 1), 0);
  for (let node = root - 1; node >= 0; node--) {
    const parent: usize = load<u16>(parents + (<usize>node << 1));
    const depth: i32 = <i32>load<u16>(depths + (parent << 1)) + 1;
    store<u16>(depths + (<usize>node << 1), <u16>depth);
    if (node < leaves) addToWord(lengthCounts, depth < limit ? depth : limit, 1);
  }
}

/**
 * Makes room for the codes that were cut to `limit`. The codes of all symbols fill 2^limit places or fewer; while they
 * would fill more, a code one of the longest below the limit gets one bit more and takes a cut one beside it: one place less.
 */
function fitDepths(limit: i32): void {
  let places: u32 = 0;
  for (let length = 1; length <= limit; length++) places += word(lengthCounts, length) << (limit - length);
  while (places > <u32>1 << limit) {
    let length = limit - 1;
    while (word(lengthCounts, length) == 0) length--;
    setWord(lengthCounts, length, word(lengthCounts, length) - 1);
    addToWord(lengthCounts, length + 1, 2);
    setWord(lengthCounts, limit, word(lengthCounts, limit) - 1);
    places--;
  }
}

/**
 * Length of the code of each symbol, one byte each, 0 for those that do not occur, none above `limit` bits (2^limit >=
 * symbols). The code is complete: where fewer than two symbols occur, symbol 0 or 1 gets a code too.
 */
export function codeLengths(counts: usize, symbols: i32, limit: i32, lengths: usize): void {
  memory.fill(lengths, 0, symbols);
  const used = sortSymbols(counts, symbols);
  if (used < 2) {
    const only: i32 = used == 0 ? 0 : <i32>(word(sorted, 0) & SYMBOL_MASK);
    store<u8>(lengths + only, 1);
    store<u8>(lengths + (only == 0 ? 1 : 0), 1);
    return;
  }
  buildTree(used);
  countDepths(used, limit);
  fitDepths(limit);
  let next = 0;
  for (let length = limit; length > 0; length--) {
    for (let left = word(lengthCounts, length); left > 0; left--) {
      store<u8>(lengths + (word(sorted, next) & SYMBOL_MASK), <u8>length);
      next++;
    }
  }
}

/** The lowest `length` bits in opposite order: codes are written most significant bit first. */
function reversed(code: u32, length: i32): u32 {
  let bits = code;
  bits = ((bits & 0x5555) << 1) | ((bits >> 1) & 0x5555);
  bits = ((bits & 0x3333) << 2) | ((bits >> 2) & 0x3333);
  bits = ((bits & 0x0f0f) << 4) | ((bits >> 4) & 0x0f0f);
  bits = ((bits & 0x00ff) << 8) | ((bits >> 8) & 0x00ff);
  return bits >> (16 - length);
}

/** Code of each symbol as a word: its bits in the order of writing << 8 | its length; 0 for those that do not occur. */
export function canonicalCodes(lengths: usize, symbols: i32, codes: usize): void {
  memory.fill(lengthCounts, 0, (MAX_LENGTH + 1) * 4);
  for (let symbol = 0; symbol < symbols; symbol++) addToWord(lengthCounts, load<u8>(lengths + symbol), 1);
  setWord(lengthCounts, 0, 0);
  let code: u32 = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    code = (code + word(lengthCounts, length - 1)) << 1;
    setWord(nextCodes, length, code);
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length: i32 = load<u8>(lengths + symbol);
    if (length == 0) {
      setWord(codes, symbol, 0);
      continue;
    }
    const mine = word(nextCodes, length);
    setWord(nextCodes, length, mine + 1);
    setWord(codes, symbol, (reversed(mine, length) << 8) | <u32>length);
  }
}
