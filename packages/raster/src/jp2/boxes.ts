import { SwathError } from '@swath/core';
import { MAX_JP2_BOXES } from '../limits.ts';

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

/** Boxes between two offsets, not descending. @throws SwathError Corrupt, LimitExceeded. */
export function readBoxes(bytes: Uint8Array, from: number, to: number, name: string): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= to) {
    if (boxes.length >= MAX_JP2_BOXES) {
      throw new SwathError('LimitExceeded', `${name}: more than ${MAX_JP2_BOXES} JP2 boxes`);
    }
    let length = view.getUint32(at);
    let header = 8;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (length === 1) {
      if (at + 16 > to) throw new SwathError('Corrupt', `${name}: a JP2 box at ${at} ends at ${to}`);
      length = Number(view.getBigUint64(at + 8));
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
    boxes.push({ type, start: at + header, end: at + length });
    at += length;
  }
  return boxes;
}
