import type { ByteSource } from '../image.ts';

/** The same source; `onRead` is told how many bytes each read brought. */
export function meteredSource(source: ByteSource, onRead: (bytes: number) => void): ByteSource {
  return {
    name: source.name,
    ...(source.remote === undefined ? {} : { remote: source.remote }),
    read: async (offset, length, signal) => {
      const bytes = await source.read(offset, length, signal);
      onRead(bytes.length);
      return bytes;
    },
    ...(source.recycle === undefined ? {} : { recycle: (bytes) => source.recycle?.(bytes) }),
    size: (signal) => source.size(signal),
    close: () => source.close(),
  };
}
