import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import { type ByteSource, fileSource, imageOpener, type OpenerOptions } from '@swath/raster';
import { objectSource } from './object-source.ts';

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

/**
 * Sources of `imageOpener` for the files of uploads, `object://raw/uploads/...`, and no other object. Who may name one is
 * decided where scenes are found: requests cannot write such an address.
 */
export function keptUploads(raw: Objects): NonNullable<OpenerOptions['sources']> {
  return {
    object: async (href) => {
      const [, key] = /^object:\/\/raw\/(uploads\/.+)$/s.exec(href) ?? [];
      if (key === undefined) throw new SwathError('InvalidInput', 'This is not the file of an upload.');
      return { ...(await objectSource(raw, key, `object raw/${key}`)), remote: true };
    },
  };
}
