import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';
import { MAX_IFD_ENTRIES, MAX_IFDS } from '../limits.ts';
import { fieldTypeBytes } from './tags.ts';

/** One IFD entry. The values lie at `offset` of the file, inline ones too. */
export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly offset: number;
}

export interface Ifd {
  readonly offset: number;
  readonly entries: ReadonlyMap<number, Entry>;
}

/** The structure of a TIFF file: byte order, flavour and every IFD of the main chain. */
export interface TiffFile {
  readonly source: ByteSource;
  readonly sizeBytes: number;
  readonly littleEndian: boolean;
  readonly bigTiff: boolean;
  readonly ifds: readonly Ifd[];
}

export const corrupt = (name: string, message: string): SwathError =>
  new SwathError('Corrupt', `${name}: ${message}`);

/** Bytes that must all exist. @throws SwathError Corrupt with both numbers. */
export async function readExactly(
  source: ByteSource,
  sizeBytes: number,
  offset: number,
  length: number,
  what: string,
): Promise<DataView> {
  if (offset + length > sizeBytes) {
    throw corrupt(
      source.name,
      `${what} needs bytes ${offset} to ${offset + length}, the file has ${sizeBytes}`,
    );
  }
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) {
    throw corrupt(source.name, `${what}: ${bytes.length} of ${length} bytes at ${offset} could be read`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit file offset or count. @throws SwathError Corrupt above 2^53, where a double loses precision. */
export function safeUint64(name: string, view: DataView, at: number, littleEndian: boolean): number {
  const value = view.getBigUint64(at, littleEndian);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw corrupt(name, `the 64-bit value ${value} is above ${Number.MAX_SAFE_INTEGER}`);
  }
  return Number(value);
}

/** True when the first bytes are those of a classic or Big TIFF in either byte order. */
export function isTiff(head: Uint8Array): boolean {
  const little = head[0] === 0x49 && head[1] === 0x49;
  const big = head[0] === 0x4d && head[1] === 0x4d;
  const version = little ? (head[2] ?? 0) + 256 * (head[3] ?? 0) : 256 * (head[2] ?? 0) + (head[3] ?? 0);
  return (little || big) && (version === 42 || version === 43);
}

/**
 * Reads header and IFD chain (TIFF 6.0 section 2; BigTIFF design of 2004). At most 64 IFDs of 4096 entries, each IFD once.
 * @throws SwathError Corrupt, LimitExceeded.
 */
export async function readStructure(source: ByteSource): Promise<TiffFile> {
  const sizeBytes = await source.size();
  const { name } = source;
  const head = await readExactly(source, sizeBytes, 0, 8, 'the TIFF header');
  const littleEndian = head.getUint8(0) === 0x49;
  const bigTiff = head.getUint16(2, littleEndian) === 43;
  let next = head.getUint32(4, littleEndian);
  if (bigTiff) {
    const wide = await readExactly(source, sizeBytes, 0, 16, 'the BigTIFF header');
    const offsetBytes = wide.getUint16(4, littleEndian);
    if (offsetBytes !== 8) throw corrupt(name, `BigTIFF offset size is ${offsetBytes}, it must be 8`);
    next = safeUint64(name, wide, 8, littleEndian);
  }
  const ifds: Ifd[] = [];
  const visited = new Set<number>();
  while (next !== 0) {
    if (visited.has(next)) throw corrupt(name, `IFD cycle at 0x${next.toString(16)}`);
    if (ifds.length >= MAX_IFDS) {
      throw new SwathError('LimitExceeded', `${name}: more than ${MAX_IFDS} IFDs`);
    }
    visited.add(next);
    const read = await readIfd(source, sizeBytes, next, { littleEndian, bigTiff });
    ifds.push(read.ifd);
    next = read.next;
  }
  if (ifds.length === 0) throw corrupt(name, 'the TIFF has no IFD');
  return { source, sizeBytes, littleEndian, bigTiff, ifds };
}

async function readIfd(
  source: ByteSource,
  sizeBytes: number,
  offset: number,
  flavour: { readonly littleEndian: boolean; readonly bigTiff: boolean },
): Promise<{ readonly ifd: Ifd; readonly next: number }> {
  const { littleEndian, bigTiff } = flavour;
  const { name } = source;
  const where = `the IFD at ${offset}`;
  const countBytes = bigTiff ? 8 : 2;
  const entryBytes = bigTiff ? 20 : 12;
  const linkBytes = bigTiff ? 8 : 4;
  const countView = await readExactly(source, sizeBytes, offset, countBytes, where);
  const count = bigTiff ? safeUint64(name, countView, 0, littleEndian) : countView.getUint16(0, littleEndian);
  const tableBytes = count * entryBytes + linkBytes;
  if (offset + countBytes + tableBytes > sizeBytes) {
    throw corrupt(
      name,
      `${where} claims ${count} entries (${tableBytes} bytes), the file has ${sizeBytes - offset - countBytes} bytes there`,
    );
  }
  if (count > MAX_IFD_ENTRIES) {
    throw new SwathError(
      'LimitExceeded',
      `${name}: ${where} has ${count} entries, the limit is ${MAX_IFD_ENTRIES}`,
    );
  }
  const view = await readExactly(source, sizeBytes, offset + countBytes, tableBytes, where);
  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index++) {
    const at = index * entryBytes;
    const tag = view.getUint16(at, littleEndian);
    const type = view.getUint16(at + 2, littleEndian);
    const valueBytes = fieldTypeBytes(type);
    // Repeated tags are passed over, as libtiff does. One of an unknown field type stays, to fail when it is used.
    if (entries.has(tag)) continue;
    const values = bigTiff ? view.getBigUint64(at + 4, littleEndian) : view.getUint32(at + 4, littleEndian);
    const inlineBytes = bigTiff ? 8 : 4;
    const fieldAt = at + (bigTiff ? 12 : 8);
    // Counts and offsets are judged only for tags we use, so that a broken private tag does not cost the image.
    const valueCount = Number(values);
    const inline = valueCount * valueBytes <= inlineBytes;
    const pointer = bigTiff
      ? Number(view.getBigUint64(fieldAt, littleEndian))
      : view.getUint32(fieldAt, littleEndian);
    entries.set(tag, {
      tag,
      type,
      count: valueCount,
      offset: inline ? offset + countBytes + fieldAt : pointer,
    });
  }
  const link = count * entryBytes;
  const next = bigTiff ? safeUint64(name, view, link, littleEndian) : view.getUint32(link, littleEndian);
  return { ifd: { offset, entries }, next };
}
