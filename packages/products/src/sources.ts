import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import { type ByteSource, fileSource, httpTransport, type OpenerOptions, publicName } from '@swath/raster';
import { s3HttpsUrl } from '@swath/raster/source/s3';

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

/** Raw bytes under the same addresses and the same policy as `imageOpener` with these options. */
export function sourceOpener(options: OpenerOptions): {
  readonly open: (href: string) => Promise<ByteSource>;
  readonly close: () => Promise<void>;
} {
  const transport = httpTransport(options, options.http);
  const signing = options.refresh === undefined ? {} : { refresh: options.refresh };
  const localFile = async (path: string): Promise<ByteSource> => {
    if (options.files === true) return await fileSource(path);
    throw new SwathError('InvalidInput', 'Local files are not read here.', { fix: 'Give an https address.' });
  };
  return {
    open: async (href) => {
      if (isAbsolute(href)) return await localFile(href);
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
      const injected = scheme === undefined ? undefined : options.sources?.[scheme];
      if (injected !== undefined) return await injected(href);
      if (scheme === 'file') return await localFile(fileURLToPath(href));
      if (scheme === 'https' || scheme === 'http') return transport.source(href, signing);
      if (scheme === 's3') return transport.source(s3HttpsUrl(href));
      throw new SwathError('InvalidInput', `"${publicName(href).slice(0, 200)}" cannot be read here.`, {
        fix: 'Give an https or s3 address.',
      });
    },
    close: () => transport.close(),
  };
}
