import { type ByteSource, fileSource, imageOpener, type OpenerOptions } from '@swath/raster';

/** Raw bytes under the same addresses and the same policy as `imageOpener` with these options. */
export function sourceOpener(options: OpenerOptions): {
  readonly open: (href: string) => Promise<ByteSource>;
  readonly close: () => Promise<void>;
} {
  const { locate, close } = imageOpener(options);
  return {
    open: async (href) => {
      const location = await locate(href);
      return location.kind === 'file' ? await fileSource(location.path) : location.source;
    },
    close,
  };
}
