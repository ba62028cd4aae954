import { basename } from 'node:path';
import { inflateSync } from 'node:zlib';
import { inflateWithKernel, isForKernel, LEAST_SHARE } from '@swath/raster/codec/inflate-at';
import { inflateInto } from '@swath/raster/codec/inflate-into';
import { createKernelSpace } from '@swath/raster/kernels/space';
import { fileSource } from '@swath/raster/source/file';
import { readStructure } from '@swath/raster/tiff/ifd';
import { tagInteger, tagIntegers } from '@swath/raster/tiff/values';

/**
 * The kernel's inflate against zlib's, both into kernel memory: `node bench/inflate.ts TIFF ...`, of which tiles of full
 * resolution are decoded. CPU times, the best of several rounds in turn, and the median of their ratios.
 */
const TILES_PER_FILE = 12;
const ROUNDS = 9;
const ROUND_BYTES = 2e7;
const MAX_BLOCKS = 1 << 20;

interface Block {
  readonly stored: Uint8Array;
  readonly length: number;
}

async function blocksOf(path: string): Promise<{ readonly blocks: Block[]; readonly predictor: number }> {
  const source = await fileSource(path);
  try {
    const file = await readStructure(source);
    const ifd = file.ifds[0]!;
    const offsets = (await tagIntegers(file, ifd, 'TileOffsets', MAX_BLOCKS)) ?? [];
    const counts = (await tagIntegers(file, ifd, 'TileByteCounts', MAX_BLOCKS)) ?? [];
    const step = Math.max(1, Math.floor(offsets.length / TILES_PER_FILE));
    const blocks: Block[] = [];
    for (let index = 0; index < offsets.length; index += step) {
      if (counts[index] === 0) continue;
      const stored = await source.read(offsets[index]!, counts[index]!);
      blocks.push({ stored, length: inflateSync(stored).length });
    }
    return { blocks, predictor: await tagInteger(file, ifd, 'Predictor', 1) };
  } finally {
    await source.close();
  }
}

function microseconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const space = createKernelSpace();

function compare(name: string, blocks: readonly Block[]): void {
  const mark = space.mark();
  const at = space.take(Math.max(...blocks.map(({ length }) => length)));
  const bytes = blocks.reduce((sum, { length }) => sum + length, 0);
  const times = Math.max(1, Math.ceil(ROUND_BYTES / bytes));
  const repeated = (each: (block: Block) => void) => () => {
    for (let n = 0; n < times; n++) for (const block of blocks) each(block);
  };
  const kernel = repeated(({ stored, length }) => {
    if (!inflateWithKernel(stored, space, at, length, 0)) throw new Error(`${name} is not decoded`);
  });
  const zlib = repeated(({ stored, length }) => inflateInto(stored, space.bytes(at, length)));
  kernel();
  zlib();
  const rounds = Array.from({ length: ROUNDS }, () => [microseconds(kernel), microseconds(zlib)] as const);
  const rate = (side: 0 | 1): string =>
    ((bytes * times) / Math.min(...rounds.map((round) => round[side]))).toFixed(0).padStart(5);
  const ratios = rounds.map(([mine, theirs]) => theirs / mine).sort((a, b) => a - b);
  const chosen = blocks.filter(
    ({ stored, length }) =>
      isForKernel(stored.length, length) && inflateWithKernel(stored, space, at, length, LEAST_SHARE),
  );
  const median = ratios[ROUNDS >> 1]!.toFixed(2);
  console.log(
    `${name.padEnd(34)} kernel ${rate(0)} MB/s  zlib ${rate(1)} MB/s  ${median}x  for the kernel: ${chosen.length} of ${blocks.length}`,
  );
  space.release(mark);
}

for (const path of process.argv.slice(2)) {
  const { blocks, predictor } = await blocksOf(path);
  if (blocks.length > 0) compare(`${basename(path)}, predictor ${predictor}`, blocks);
}
