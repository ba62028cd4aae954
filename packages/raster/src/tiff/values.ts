import { SwathError } from '@swath/core';
import { MAX_TAG_BYTES } from '../limits.ts';
import { corrupt, type Entry, type Ifd, readExactly, safeUint64, type TiffFile } from './ifd.ts';
import { FIELD, fieldTypeBytes, TAG, type TagName } from './tags.ts';

async function valueView(
  file: TiffFile,
  entry: Entry,
  tag: TagName,
  capBytes = MAX_TAG_BYTES,
): Promise<DataView> {
  const length = entry.count * fieldTypeBytes(entry.type);
  const { name } = file.source;
  if (length > file.sizeBytes || entry.offset + length > file.sizeBytes) {
    throw corrupt(
      name,
      `${tag} claims ${entry.count} values (${length} bytes) at ${entry.offset}, the file has ${file.sizeBytes} bytes`,
    );
  }
  if (length > capBytes) {
    throw new SwathError('LimitExceeded', `${name}: ${tag} has ${length} bytes, the limit is ${capBytes}`);
  }
  return await readExactly(file.source, file.sizeBytes, entry.offset, length, tag);
}

/** Raw bytes of a tag; undefined when absent. */
export async function tagBytes(
  file: TiffFile,
  ifd: Ifd,
  tag: TagName,
  capBytes = MAX_TAG_BYTES,
): Promise<Uint8Array | undefined> {
  const entry = ifd.entries.get(TAG[tag]);
  if (entry === undefined) return undefined;
  const view = await valueView(file, entry, tag, capBytes);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** ASCII up to the first NUL, read as Latin-1 beyond ASCII unless it is valid UTF-8. */
export async function tagText(file: TiffFile, ifd: Ifd, tag: TagName): Promise<string | undefined> {
  const entry = ifd.entries.get(TAG[tag]);
  if (entry === undefined || (entry.type !== FIELD.Ascii && fieldTypeBytes(entry.type) !== 1))
    return undefined;
  const bytes = await tagBytes(file, ifd, tag);
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return new TextDecoder('latin1').decode(text);
  }
}

/** Doubles of a FLOAT or DOUBLE tag; undefined when absent. */
export async function tagDoubles(file: TiffFile, ifd: Ifd, tag: TagName): Promise<number[] | undefined> {
  const entry = ifd.entries.get(TAG[tag]);
  if (entry === undefined) return undefined;
  if (entry.type !== FIELD.Double && entry.type !== FIELD.Float) {
    throw corrupt(file.source.name, `${tag} has field type ${entry.type}, it must be DOUBLE`);
  }
  const view = await valueView(file, entry, tag);
  const isDouble = entry.type === FIELD.Double;
  return Array.from({ length: entry.count }, (_, index) =>
    isDouble ? view.getFloat64(index * 8, file.littleEndian) : view.getFloat32(index * 4, file.littleEndian),
  );
}

/**
 * Reader of one value by field type; undefined for types that are not integers to libtiff: it ignores numbers given as
 * UNDEFINED, IFD or IFD8, and goes on with a default.
 */
function integerReader(file: TiffFile, type: number): ((view: DataView, at: number) => number) | undefined {
  const le = file.littleEndian;
  switch (type) {
    case 1:
      return (view, at) => view.getUint8(at);
    case 3:
      return (view, at) => view.getUint16(at, le);
    case 4:
      return (view, at) => view.getUint32(at, le);
    case 6:
      return (view, at) => view.getInt8(at);
    case 8:
      return (view, at) => view.getInt16(at, le);
    case 9:
      return (view, at) => view.getInt32(at, le);
    case 16:
      return (view, at) => safeUint64(file.source.name, view, at, le);
    case 17:
      return (view, at) => Number(view.getBigInt64(at, le));
    default:
      return undefined;
  }
}

/** Non-negative integers of a tag, at most `cap` of them; undefined when absent. @throws SwathError Corrupt, LimitExceeded. */
export async function tagIntegers(
  file: TiffFile,
  ifd: Ifd,
  tag: TagName,
  cap: number,
): Promise<Float64Array | undefined> {
  const entry = ifd.entries.get(TAG[tag]);
  if (entry === undefined) return undefined;
  const { name } = file.source;
  const read = integerReader(file, entry.type);
  if (read === undefined) throw corrupt(name, `${tag} has field type ${entry.type}, it must be an integer`);
  const step = fieldTypeBytes(entry.type);
  const view = await valueView(file, entry, tag, cap * step);
  const out = new Float64Array(entry.count);
  for (let index = 0; index < out.length; index++) {
    const value = read(view, index * step);
    if (value < 0) throw corrupt(name, `${tag} holds the negative value ${value}`);
    out[index] = value;
  }
  return out;
}

/** Field types of block places: libtiff reads SHORT, LONG and LONG8, and takes any other for zeros. */
const placeTypes: ReadonlySet<number> = new Set([3, 4, 16]);

/** Offsets or byte counts of blocks, at most `cap` of them; undefined when absent. @throws SwathError Corrupt, LimitExceeded. */
export async function tagPlaces(
  file: TiffFile,
  ifd: Ifd,
  tag: TagName,
  cap: number,
): Promise<Float64Array | undefined> {
  const type = ifd.entries.get(TAG[tag])?.type;
  if (type !== undefined && !placeTypes.has(type)) {
    throw corrupt(file.source.name, `${tag} has field type ${type}, it must be SHORT, LONG or LONG8`);
  }
  return await tagIntegers(file, ifd, tag, cap);
}

/** The single value of a tag, or `fallback` when absent. @throws SwathError Corrupt when there is not exactly one. */
export async function tagInteger(file: TiffFile, ifd: Ifd, tag: TagName): Promise<number | undefined>;
export async function tagInteger(file: TiffFile, ifd: Ifd, tag: TagName, fallback: number): Promise<number>;
export async function tagInteger(
  file: TiffFile,
  ifd: Ifd,
  tag: TagName,
  fallback?: number,
): Promise<number | undefined> {
  const entry = ifd.entries.get(TAG[tag]);
  if (entry === undefined) return fallback;
  if (entry.count !== 1) {
    throw corrupt(file.source.name, `${tag} has ${entry.count} values, it must have 1`);
  }
  return (await tagIntegers(file, ifd, tag, 1))?.[0];
}
