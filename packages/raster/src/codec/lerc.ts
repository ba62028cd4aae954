import { SwathError } from '@swath/core';
import { decodeDeflate, decodeZstd } from './inflate.ts';

/** What a LERC block must decode to. */
export interface LercShape {
  readonly width: number;
  readonly height: number;
  /** Interleaved samples per pixel inside the block. */
  readonly depth: number;
  readonly sampleBytes: number;
}

/** LERC data types by their code in the blob (Lerc2 specification): char, byte, short, ushort, int, uint, float, double. */
const lercTypeBytes = [1, 1, 2, 2, 4, 4, 4, 8];

/**
 * Columns, rows, depth and type of a Lerc2 blob, before anything is allocated.
 * Layout: "Lerc2 ", int version, [uint checksum from 3 on], int nRows, nCols, [int nDepth from 4 on],
 * numValidPixel, microBlockSize, blobSize, dataType.
 */
function checkHeader(blob: Uint8Array, shape: LercShape): { readonly blobBytes: number } {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (blob.length < 70 || Buffer.from(blob.subarray(0, 6)).toString('latin1') !== 'Lerc2 ') {
    throw new SwathError('Unsupported', 'a LERC block that is not Lerc2');
  }
  const version = view.getInt32(6, true);
  let at = version >= 3 ? 14 : 10;
  const rows = view.getInt32(at, true);
  const columns = view.getInt32(at + 4, true);
  at += 8;
  const depth = version >= 4 ? view.getInt32(at, true) : 1;
  if (version >= 4) at += 4;
  const valid = view.getInt32(at, true);
  const blobBytes = view.getInt32(at + 8, true);
  const type = view.getInt32(at + 12, true);
  if (columns !== shape.width || rows > shape.height || rows < 1 || depth !== shape.depth) {
    throw new SwathError(
      'Corrupt',
      `the LERC block is ${columns} x ${rows} x ${depth}, it must be ${shape.width} x ${shape.height} x ${shape.depth}`,
    );
  }
  if (lercTypeBytes[type] !== shape.sampleBytes) {
    throw new SwathError(
      'Corrupt',
      `the LERC block has data type ${type}, its samples must have ${shape.sampleBytes} bytes`,
    );
  }
  if (valid !== rows * columns) {
    throw new SwathError('Unsupported', 'a LERC block with a mask of its own');
  }
  return { blobBytes };
}

/**
 * One LERC block, in the host's byte order. `added` is LercParameters' second number: 0 none, 1 deflate, 2 zstd on top.
 * The decoder is Esri's, as npm geotiff brings it.
 */
export async function decodeLerc(input: Uint8Array, added: number, shape: LercShape): Promise<Uint8Array> {
  const decodedBytes = shape.width * shape.height * shape.depth * shape.sampleBytes;
  // Lerc falls back to raw samples plus headers, never much larger.
  const capacity = decodedBytes + 64 * 1024;
  if (added > 2) throw new SwathError('Unsupported', `LERC with added compression ${added}`);
  const blob =
    added === 0 ? input : added === 1 ? decodeDeflate(input, capacity) : decodeZstd(input, capacity);
  const { blobBytes } = checkHeader(blob, shape);
  const { getDecoder } = await import('geotiff');
  const decoder = await getDecoder(34887, {
    tileWidth: shape.width,
    tileHeight: shape.height,
    predictor: 1,
    bitsPerSample: shape.sampleBytes * 8,
    planarConfiguration: 1,
    // LercParameters: version and "no added compression", which has been undone above.
    ...{ LercParameters: [4, 0] },
  });
  const { buffer } = new Uint8Array(blob);
  let decoded: ArrayBufferLike;
  try {
    decoded = await decoder.decode(buffer);
  } catch (cause) {
    throw new SwathError('Corrupt', 'the LERC block is broken', { cause });
  }
  if (decoded !== buffer) return new Uint8Array(decoded);
  // Bytes stored raw: npm geotiff 3.0.5 takes `.buffer` of a view of its input, which is the whole blob. The samples are
  // what ends it. To be deleted when geotiff respects the view.
  if (blobBytes < decodedBytes || blobBytes > blob.length) {
    throw new SwathError('Corrupt', `the LERC block claims ${blobBytes} bytes, there are ${blob.length}`);
  }
  return blob.subarray(blobBytes - decodedBytes, blobBytes);
}
