import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';
import { MAX_JP2_BOXES } from '../limits.ts';
import { readExactly } from '../tiff/ifd.ts';

/** One box of a JP2 file (ISO/IEC 15444-1, Annex I): its four-letter type and where its contents lie. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const SIGNATURE = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a];

/** A JP2 file (signature box) or a bare codestream (SOC and SIZ markers). */
export function jp2Kind(head: Uint8Array): 'jp2' | 'codestream' | undefined {
  if (SIGNATURE.every((byte, at) => head[at] === byte)) return 'jp2';
  return head[0] === 0xff && head[1] === 0x4f && head[2] === 0xff && head[3] === 0x51
    ? 'codestream'
    : undefined;
}

/** Type, contents and end of the box whose first bytes are `head`. @throws SwathError Corrupt, with both numbers. */
function boxAt(head: DataView, at: number, to: number, name: string): Box {
  let length = head.getUint32(0);
  let header = 8;
  const type = String.fromCharCode(head.getUint8(4), head.getUint8(5), head.getUint8(6), head.getUint8(7));
  if (length === 1) {
    if (head.byteLength < 16) throw new SwathError('Corrupt', `${name}: a JP2 box at ${at} ends at ${to}`);
    length = Number(head.getBigUint64(8));
    header = 16;
  } else if (length === 0) {
    length = to - at;
  }
  if (length < header || at + length > to) {
    throw new SwathError(
      'Corrupt',
      `${name}: the JP2 box "${type}" at ${at} claims ${length} bytes, there are ${to - at}`,
    );
  }
  return { type, start: at + header, end: at + length };
}

function checkCount(boxes: readonly Box[], name: string): void {
  if (boxes.length < MAX_JP2_BOXES) return;
  throw new SwathError('LimitExceeded', `${name}: more than ${MAX_JP2_BOXES} JP2 boxes`);
}

/** Boxes between two offsets of bytes in memory, not descending. @throws SwathError Corrupt, LimitExceeded. */
export function readBoxes(bytes: Uint8Array, from: number, to: number, name: string): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    checkCount(boxes, name);
    const head = new DataView(bytes.buffer, bytes.byteOffset + at, Math.min(16, to - at));
    const box = boxAt(head, at, to, name);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Boxes of a whole file: only their headers are read. @throws SwathError Corrupt, LimitExceeded. */
export async function scanBoxes(source: ByteSource, sizeBytes: number): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= sizeBytes; ) {
    checkCount(boxes, source.name);
    const length = Math.min(16, sizeBytes - at);
    const box = boxAt(
      await readExactly(source, sizeBytes, at, length, 'a JP2 box'),
      at,
      sizeBytes,
      source.name,
    );
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}
