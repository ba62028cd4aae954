import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SwathError } from '@swath/core';
import {
  type HttpTransport,
  httpTransport,
  publicName,
  type TransportOptions,
  type UrlPolicy,
} from '@swath/http';
import type { ByteSource, OpenImage } from './image.ts';
import { type Locate, openerOver } from './open-located.ts';
import { meteredSource } from './source/metered.ts';
import { s3HttpsUrl } from './source/s3.ts';

/** What an opener may read. The default is https to public hosts, and anonymous S3 objects by https. */
export interface OpenerOptions extends UrlPolicy {
  /** Absolute paths and `file:` URLs, too. @default absent: refused */
  readonly files?: true;
  /** Sources by scheme (`s3`, `object`), which win over what is built in. @default none */
  readonly sources?: Readonly<Record<string, (href: string) => Promise<ByteSource>>>;
  /** Signs an http(s) address again when it is refused as expired, once per expiry. @default absent */
  readonly refresh?: (href: string) => Promise<string>;
  /** Told of bytes that came from http(s) and s3 addresses. @default absent */
  readonly onRead?: (bytes: number) => void;
  /** Retries, patience and resolver over http, for tests. */
  readonly http?: TransportOptions;
}

/** An opener, what it opens hrefs by, and the connections it holds. */
export type ImageOpener = OpenImage & { readonly locate: Locate; readonly close: () => Promise<void> };

/** An `OpenImage` by scheme. Headers of remote images are kept and shared; see `openerOver`. */
export function imageOpener(options: OpenerOptions = {}): ImageOpener {
  const transport = httpTransport(options, options.http);
  const locate = locator(options, transport);
  return Object.assign(openerOver(locate), { locate, close: () => transport.close() });
}

function locator(options: OpenerOptions, transport: HttpTransport): Locate {
  const signing = options.refresh === undefined ? {} : { refresh: options.refresh };
  const file = (path: string) => {
    if (options.files === true) return { kind: 'file' as const, path };
    throw new SwathError('InvalidInput', 'Local files are not read here.', { fix: 'Give an https address.' });
  };
  const { onRead } = options;
  const metered = (source: ByteSource) => (onRead === undefined ? source : meteredSource(source, onRead));
  return async (href) => {
    if (isAbsolute(href)) return file(href);
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
    const injected = scheme === undefined ? undefined : options.sources?.[scheme];
    if (injected !== undefined) return { kind: 'source', source: await injected(href) };
    switch (scheme) {
      case 'file':
        return file(filePath(href));
      case 'http':
      case 'https':
        return { kind: 'source', source: metered(transport.source(href, signing)) };
      case 's3':
        return { kind: 'source', source: metered(transport.source(s3HttpsUrl(href))) };
      default:
        throw new SwathError(
          'InvalidInput',
          `"${publicName(href).slice(0, 200)}" is not an address of an image that can be read here.`,
          { fix: 'Give an https or s3 address.' },
        );
    }
  };
}

function filePath(href: string): string {
  try {
    return fileURLToPath(href);
  } catch (cause) {
    throw new SwathError('InvalidInput', 'The file: address is not a local path.', { cause });
  }
}
