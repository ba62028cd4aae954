import type { Random } from './random.ts';
import type { Seed } from './seeds.ts';

/** Places of a TIFF's structure where a change means something. */
interface Structure {
  readonly le: boolean;
  readonly big: boolean;
  /** Offsets of IFD entries. */
  readonly entries: readonly number[];
  /** Offsets of links to the next IFD. */
  readonly links: readonly number[];
  readonly ifds: readonly number[];
}

function structureOf(bytes: Uint8Array): Structure | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || (bytes[0] !== 0x49 && bytes[0] !== 0x4d) || bytes[0] !== bytes[1])
    return undefined;
  const le = bytes[0] === 0x49;
  const big = view.getUint16(2, le) === 43;
  const read = (at: number, size: number): number => {
    if (at + size > bytes.length) return 0;
    if (size === 2) return view.getUint16(at, le);
    return size === 4 ? view.getUint32(at, le) : Number(view.getBigUint64(at, le));
  };
  const [countBytes, entryBytes, linkBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const links = [big ? 8 : 4];
  const entries: number[] = [];
  const ifds: number[] = [];
  for (let next = read(links[0] ?? 4, linkBytes); next > 0 && next < bytes.length && ifds.length < 8; ) {
    ifds.push(next);
    const count = Math.min(read(next, countBytes), 60);
    for (let index = 0; index < count; index++) entries.push(next + countBytes + index * entryBytes);
    const link = next + countBytes + count * entryBytes;
    links.push(link);
    next = read(link, linkBytes);
  }
  const fits = entries.filter((at) => at + entryBytes <= bytes.length);
  return { le, big, entries: fits, links: links.filter((at) => at + linkBytes <= bytes.length), ifds };
}

const TAGS = [
  254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 338, 339, 347, 530,
  33550, 33922, 34264, 34735, 34736, 34737, 42112, 42113, 50674,
];
const NUMBERS = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  12,
  16,
  24,
  32,
  64,
  100,
  255,
  256,
  4095,
  65_535,
  65_536,
  1_000_000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 2,
  2 ** 32 - 1,
  32_773,
  32_946,
  34_887,
  50_000,
  50_001,
];
const TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 255, 65_535];
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** One mutant of a seed: one to four changes, most of them of the structure. */
export function mutate(seed: Seed, others: readonly Seed[], random: Random): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(seed.bytes);
  const structure = structureOf(bytes);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    bytes =
      structure !== undefined && !random.oneIn(4)
        ? changeStructure(bytes, structure, random)
        : changeBytes(bytes, others, random);
  }
  return bytes;
}

function number(random: Random, length: number): number {
  if (random.oneIn(4)) return Math.max(0, length + random.below(9) - 4);
  return random.oneIn(3) ? random.below(length + 1) : random.pick(NUMBERS);
}

function changeStructure(bytes: Uint8Array, structure: Structure, random: Random): Uint8Array {
  const { le, big, entries, links, ifds } = structure;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pointer = big ? 8 : 4;
  const entryBytes = big ? 20 : 12;
  const put = (at: number, value: number, size: number): void => {
    if (at < 0 || at + size > bytes.length) return;
    if (size === 1) view.setUint8(at, value & 255);
    else if (size === 2) view.setUint16(at, value & 65_535, le);
    else if (size === 4) view.setUint32(at, value >>> 0, le);
    else view.setBigUint64(at, random.oneIn(8) ? 2n ** 63n + BigInt(value) : BigInt(value), le);
  };
  if (entries.length === 0 || random.oneIn(12)) {
    put(
      random.pick(links),
      random.oneIn(2) ? (random.pick([...ifds, 0]) ?? 0) : number(random, bytes.length),
      pointer,
    );
    return bytes;
  }
  const entry = random.pick(entries);
  if (entry + entryBytes > bytes.length) return bytes;
  const type = view.getUint16(entry + 2, le);
  const size = sizes[type] ?? 1;
  const count = big ? Number(view.getBigUint64(entry + 4, le)) : view.getUint32(entry + 4, le);
  const field = entry + 4 + pointer;
  switch (random.below(8)) {
    case 0:
      put(entry, random.pick(TAGS), 2);
      break;
    case 1:
      put(entry + 2, random.pick(TYPES), 2);
      break;
    case 2:
      put(
        entry + 4,
        random.oneIn(2) ? Math.max(0, count + random.below(5) - 2) : number(random, bytes.length),
        pointer,
      );
      break;
    case 3: {
      const other = random.pick(entries);
      if (other + entryBytes <= bytes.length) bytes.copyWithin(entry, other, other + entryBytes);
      break;
    }
    default: {
      const inline = count * size <= pointer;
      if (!inline && random.oneIn(3)) {
        put(field, number(random, bytes.length), pointer);
        break;
      }
      const start = inline ? field : big ? Number(view.getBigUint64(field, le)) : view.getUint32(field, le);
      const index = random.below(Math.max(1, Math.min(count, 64)));
      if (type === 12 && start + 8 * index + 8 <= bytes.length) {
        view.setFloat64(
          start + 8 * index,
          random.pick([0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 1e300, 5e-324, 0.5]),
          le,
        );
      } else {
        put(start + index * Math.max(1, size), number(random, bytes.length), Math.max(1, size));
      }
    }
  }
  return bytes;
}

const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function changeBytes(bytes: Uint8Array, others: readonly Seed[], random: Random): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  switch (random.below(7)) {
    case 0:
      return bytes.slice(0, at);
    case 1: {
      // A piece of another file over this one.
      const other = random.pick(others).bytes;
      const from = random.below(Math.max(1, other.length));
      const piece = other.subarray(from, from + Math.min(1 + random.below(64), bytes.length - at));
      bytes.set(piece, at);
      return bytes;
    }
    case 2: {
      const length = 1 + random.below(16);
      bytes.fill(random.pick([0, 255, 128, 1]), at, at + length);
      return bytes;
    }
    case 3: {
      const cut = 1 + random.below(16);
      return joined(bytes.subarray(0, at), bytes.subarray(at + cut));
    }
    case 4:
      return joined(bytes, bytes.subarray(at, at + 256));
    case 5:
      bytes[at] = random.below(256);
      return bytes;
    default:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
  }
}
