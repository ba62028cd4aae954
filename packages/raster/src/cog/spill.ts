import { type FileHandle, open, rm } from 'node:fs/promises';
import { SwathError } from '@swath/core';
import type { PyramidLevel } from './pyramid.ts';

interface SpilledLevel {
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

/** Compressed tiles in a file of their own, in the order they were made, until their final places are known. */
export interface Spill {
  readonly levels: readonly SpilledLevel[];
  put(level: number, tile: number, bytes: Uint8Array): Promise<void>;
  get(level: number, tile: number): Promise<Uint8Array>;
  /** Closes and deletes the file. */
  discard(): Promise<void>;
}

export async function createSpill(path: string, levels: readonly PyramidLevel[]): Promise<Spill> {
  const file = await open(path, 'wx+');
  const tables = levels.map(({ tilesAcross, tilesDown }) => ({
    offsets: new Float64Array(tilesAcross * tilesDown),
    lengths: new Float64Array(tilesAcross * tilesDown),
  }));
  let end = 0;
  return {
    levels: tables,
    async put(level, tile, bytes) {
      const table = tables[level]!;
      const at = end;
      end += bytes.length;
      table.offsets[tile] = at;
      table.lengths[tile] = bytes.length;
      await writeAll(file, bytes, at);
    },
    async get(level, tile) {
      const table = tables[level]!;
      const bytes = new Uint8Array(table.lengths[tile]!);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, table.offsets[tile]!);
      if (bytesRead !== bytes.length || bytesRead === 0) {
        throw new SwathError(
          'Bug',
          `spilled tile ${tile} of level ${level}: ${bytesRead} of ${bytes.length} bytes`,
        );
      }
      return bytes;
    },
    async discard() {
      await file.close();
      await rm(path, { force: true });
    },
  };
}

/** A write may take less than it was given. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
