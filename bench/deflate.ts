import { basename } from 'node:path';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { compressTile } from '@swath/raster/cog/compress';
import { createKernelSpace } from '@swath/raster/kernels/space';
import { fileSource } from '@swath/raster/source/file';
import { readStructure } from '@swath/raster/tiff/ifd';
import { tagInteger, tagIntegers } from '@swath/raster/tiff/values';

/**
 * The kernel's deflate against zlib's: `node bench/deflate.ts [TIFF ...]`. Tiles of TIFFs with DEFLATE are taken as they
 * are, predicted; their own sizes are what their writer reached. Without files: synthetic tiles. Times are CPU times,
 * the best of several rounds, with all encoders in turn.
 */
const TILES_PER_FILE = 40;
const KERNEL_ROUNDS = 7;
const MAX_TILES_PER_FILE = 1 << 20;

interface Tiles {
  readonly name: string;
  readonly tiles: readonly Uint8Array[];
  /** Bytes of the tiles in the file, 0 where there is none. */
  readonly storedBytes: number;
}

async function tilesOf(path: string): Promise<Tiles> {
  const source = await fileSource(path);
  try {
    const file = await readStructure(source);
    const ifd = file.ifds[0]!;
    const offsets = (await tagIntegers(file, ifd, 'TileOffsets', MAX_TILES_PER_FILE)) ?? [];
    const counts = (await tagIntegers(file, ifd, 'TileByteCounts', MAX_TILES_PER_FILE)) ?? [];
    const predictor = await tagInteger(file, ifd, 'Predictor', 1);
    const step = Math.max(1, Math.floor(offsets.length / TILES_PER_FILE));
    const tiles: Uint8Array[] = [];
    let storedBytes = 0;
    for (let index = 0; index < offsets.length; index += step) {
      const count = counts[index]!;
      if (count === 0) continue;
      tiles.push(inflateSync(await source.read(offsets[index]!, count)));
      storedBytes += count;
    }
    return { name: `${basename(path)}, predictor ${predictor}`, tiles, storedBytes };
  } finally {
    await source.close();
  }
}

/** Sum of uniform numbers, about normal, of a fixed seed. */
function noise(): () => number {
  let state = 42;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

/** A smooth field with noise, a quarter of it nodata (0), predicted horizontally in 16 bits. */
function syntheticTile(index: number): Uint8Array {
  const side = 512;
  const normal = noise();
  const samples = new Uint16Array(side * side);
  for (let row = 0; row < side; row++) {
    let before = 0;
    for (let column = 0; column < side; column++) {
      const masked = Math.sin((row + index * 70) / 90) + Math.cos(column / 60) > 0.7;
      const value = masked
        ? 0
        : Math.round(2000 + 900 * Math.sin(row / 70 + index) * Math.cos(column / 50) + 60 * normal());
      samples[row * side + column] = value - before;
      before = value;
    }
  }
  return new Uint8Array(samples.buffer);
}

const space = createKernelSpace();

/** Puts the tiles beside each other in kernel memory. */
function place(tiles: readonly Uint8Array[]): { readonly at: readonly number[]; readonly to: number } {
  const at = tiles.map((tile) => {
    const address = space.take(tile.length);
    space.bytes(address, tile.length).set(tile);
    return address;
  });
  return { at, to: space.take(space.kernels.deflateBound(Math.max(...tiles.map((tile) => tile.length)))) };
}

function measure(name: string, rawBytes: number, rounds: number, encode: () => number): void {
  let best = Number.POSITIVE_INFINITY;
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    size = encode();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  const rate = `${(rawBytes / best).toFixed(0)} MB/s`.padStart(10);
  console.log(`  ${name.padEnd(18)}${rate}  ratio ${(rawBytes / size).toFixed(3)}  ${size} bytes`);
}

function compare({ name, tiles, storedBytes }: Tiles): void {
  const rawBytes = tiles.reduce((sum, tile) => sum + tile.length, 0);
  console.log(`${name}: ${tiles.length} tiles, ${(rawBytes / 1e6).toFixed(1)} MB`);
  const mark = space.mark();
  const { at, to } = place(tiles);
  const sum = (each: (tile: Uint8Array, index: number) => number): number =>
    tiles.reduce((total, tile, index) => total + each(tile, index), 0);
  const { deflate, deflateBound } = space.kernels;
  measure('kernel', rawBytes, KERNEL_ROUNDS, () =>
    sum((tile, index) => deflate(at[index]!, tile.length, to, deflateBound(tile.length))),
  );
  measure('compressTile', rawBytes, KERNEL_ROUNDS, () =>
    sum((tile, index) => compressTile(space, at[index]!, tile.length).length),
  );
  if (process.env['KERNEL_ONLY'] === undefined) {
    measure('node:zlib Z_RLE', rawBytes, 1, () =>
      sum((tile) => deflateSync(tile, { strategy: constants.Z_RLE }).length),
    );
    for (const level of [1, 6]) {
      measure(`node:zlib level ${level}`, rawBytes, 1, () =>
        sum((tile) => deflateSync(tile, { level }).length),
      );
    }
  }
  if (storedBytes > 0)
    console.log(`  as in the file    ratio ${(rawBytes / storedBytes).toFixed(3)}  ${storedBytes} bytes`);
  space.release(mark);
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
  compare({
    name: 'synthetic uint16, predictor 2',
    tiles: Array.from({ length: 24 }, (_, index) => syntheticTile(index)),
    storedBytes: 0,
  });
}
for (const path of paths) compare(await tilesOf(path));
