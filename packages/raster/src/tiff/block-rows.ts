import { createInflater, type Inflater, tooLong, tooShort } from '../codec/inflate-into.ts';
import { OPEN_BLOCKS_KEPT, ROWS_READ_BYTES, SPARE_INFLATERS_KEPT } from '../limits.ts';
import { type BlockImage, type BlockPlace, blockRows } from './blocks.ts';

/** A deflate block of which the rows above are decoded, and those below wait for the window that wants them. */
interface OpenBlock {
  readonly inflater: Inflater;
  /** Rows that are decoded. */
  rows: number;
  /** Stored bytes that are decoded. */
  stored: number;
}

/** Of this thread: each costs 45 KiB, and as much again to make. */
const spare: Inflater[] = [];

function free({ inflater }: OpenBlock): void {
  if (spare.length < SPARE_INFLATERS_KEPT) spare.push(inflater);
  else inflater.close();
}

/** Blocks of one image that are decoded in rows. Who works on one has it alone. */
export interface OpenBlocks {
  /** The block as it was left, or a new one when it was left below `row`; undefined when this Node cannot. */
  take(index: number, row: number): OpenBlock | undefined;
  /** Keeps a block for the rows below; the one longest unused goes when there are too many. */
  leave(index: number, block: OpenBlock): void;
  close(): void;
}

export function openBlocks(): OpenBlocks {
  const left = new Map<number, OpenBlock>();
  const drop = (index: number): void => {
    const block = left.get(index);
    if (block !== undefined) free(block);
    left.delete(index);
  };
  return {
    take(index, row) {
      const known = left.get(index);
      if (known !== undefined && known.rows <= row) {
        left.delete(index);
        return known;
      }
      drop(index);
      const inflater = spare.pop() ?? createInflater();
      inflater?.reset();
      return inflater === undefined ? undefined : { inflater, rows: 0, stored: 0 };
    },
    leave(index, block) {
      drop(index);
      left.set(index, block);
      const [oldest = index] = left.keys();
      if (left.size > OPEN_BLOCKS_KEPT) drop(oldest);
    },
    close() {
      for (const index of [...left.keys()]) drop(index);
    },
  };
}

/** Whether rows of a block can be decoded without those below: of local files, where reading on costs no round trip. */
export function decodesInRows({ source, layout }: BlockImage): boolean {
  const isDeflate = layout.compression === 8 || layout.compression === 32946;
  return source.remote !== true && isDeflate && !layout.mirrored;
}

/**
 * The rows [from, to) of a block before predictor and byte order: what is stored is read and decoded as far as they need,
 * and goes on from there when the rows below are asked for. Rows above those decoded before are decoded again.
 * @param into has room for the rows.
 * @returns false when this Node cannot.
 * @throws SwathError Corrupt; what reading throws.
 */
export async function inflateRows(
  image: BlockImage,
  index: number,
  place: BlockPlace,
  rows: { readonly from: number; readonly to: number },
  into: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { layout, open } = image;
  const block = open.take(index, rows.from);
  if (block === undefined) return false;
  try {
    const skip = (rows.from - block.rows) * layout.rowBytes;
    const isWhole = rows.to === blockRows(layout, index);
    // Rows nobody wants, an input at a time: they are seldom many.
    for (let left = skip; left > 0; left -= into.length) {
      await fillFrom(image, block, place, into.subarray(0, Math.min(left, into.length)), signal);
    }
    await fillFrom(image, block, place, into, signal);
    block.rows = rows.to;
    if (isWhole && layout.blockBytes === rows.to * layout.rowBytes)
      await checkEnd(image, block, place, signal);
    if (isWhole) free(block);
    else open.leave(index, block);
    return true;
  } catch (error) {
    block.inflater.close();
    throw error;
  }
}

/** Decodes to all of `into`. */
async function fillFrom(
  image: BlockImage,
  block: OpenBlock,
  place: BlockPlace,
  into: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const room = into.subarray(done);
    const left = await feed(image, block, place, room, signal);
    if (left.room === room.length && left.isEnd) {
      const before = block.rows * image.layout.rowBytes;
      throw tooShort(before + done, image.layout.blockBytes);
    }
    done = into.length - left.room;
  }
}

/** After the last row: the stream has to end, and has to be there to its end. */
async function checkEnd(
  image: BlockImage,
  block: OpenBlock,
  place: BlockPlace,
  signal: AbortSignal | undefined,
): Promise<void> {
  const more = new Uint8Array(1);
  for (;;) {
    const { room, isEnd } = await feed(image, block, place, more, signal);
    if (room === 0) throw tooLong(image.layout.blockBytes);
    if (isEnd) return;
  }
}

/** One read and what it decodes to. */
async function feed(
  { source }: BlockImage,
  block: OpenBlock,
  { offset, length }: BlockPlace,
  into: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<{ readonly room: number; readonly isEnd: boolean }> {
  const wanted = Math.min(ROWS_READ_BYTES, length - block.stored);
  const [coming] = source.streamRanges([{ offset: offset + block.stored, length: wanted }], signal);
  const bytes = wanted === 0 || coming === undefined ? new Uint8Array(0) : await coming;
  const isLast = block.stored + wanted === length;
  const { room, unread } = block.inflater.run(bytes, into, isLast);
  block.stored += bytes.length - unread;
  source.recycle?.(bytes);
  return { room, isEnd: isLast || unread > 0 };
}
