import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import type { ByteSource } from '@swath/raster';

/** Bytes of an object by range. `name` stands in messages. */
export async function objectSource(objects: Objects, key: string, name: string): Promise<ByteSource> {
  const info = await objects.head(key);
  if (info === undefined) throw new SwathError('NotFound', `${name} does not exist.`);
  const { sizeBytes } = info;
  return {
    name,
    read: async (offset, length, signal) => {
      const wanted = Math.min(length, sizeBytes - offset);
      if (wanted <= 0) return new Uint8Array(0);
      return await objects.getRange(key, offset, wanted, signal === undefined ? {} : { signal });
    },
    size: async () => sizeBytes,
    close: async () => {},
  };
}
