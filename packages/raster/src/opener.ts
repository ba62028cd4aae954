import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SwathError } from '@swath/core';
import type { ByteSource, OpenImage, RasterImage } from './image.ts';
import { jp2Kind } from './jp2/boxes.ts';
import { openJp2 } from './jp2/open-jp2.ts';
import { DECODED_CACHE_BYTES, MAX_CACHED_IMAGES } from './limits.ts';
import { bufferedSource } from './source/buffered.ts';
import { fileSource } from './source/file.ts';
import { httpTransport } from './source/http.ts';
import { type Lru, lru } from './source/lru.ts';
import type { HttpTuning } from './source/retry.ts';
import { s3HttpsUrl } from './source/s3.ts';
import { publicName, type UrlPolicy } from './source/url-policy.ts';
import { isTiff } from './tiff/ifd.ts';
import type { LevelContext } from './tiff/levels.ts';
import { openTiff, type Siblings } from './tiff/open-tiff.ts';

/** What an opener may read. The default is https to public hosts, and anonymous S3 objects by https. */
export interface OpenerOptions extends UrlPolicy {
  /** Absolute paths and `file:` URLs, too. @default absent: refused */
  readonly files?: true;
  /** Sources by scheme (`s3`, `object`), which win over what is built in. @default none */
  readonly sources?: Readonly<Record<string, (href: string) => Promise<ByteSource>>>;
  /** Retries and patience over http, for tests. */
  readonly http?: Partial<HttpTuning>;
}

/** An opener and the connections it holds. */
export type ImageOpener = OpenImage & { readonly close: () => Promise<void> };

const wordFor = (head: Uint8Array): string =>
  head.length === 0
    ? 'nothing (the file is empty)'
    : JSON.stringify(Buffer.from(head.subarray(0, 16)).toString('latin1'));

/** Opens what the first bytes say it is. @throws SwathError Corrupt for anything but TIFF and JPEG 2000. */
export async function openFormat(
  context: LevelContext,
  siblings: () => Promise<Siblings>,
): Promise<RasterImage> {
  const { source } = context;
  const head = await source.read(0, 16);
  if (isTiff(head)) return await openTiff(context, await siblings());
  if (jp2Kind(head) !== undefined) return await openJp2(context);
  throw new SwathError(
    'Corrupt',
    `${source.name}: not a TIFF or JPEG 2000 file: begins with ${wordFor(head)}`,
  );
}

/**
 * An `OpenImage` by scheme and magic bytes. Headers of remote images are kept (256 most recently used) and shared by
 * everyone who opens the same href; local files are looked at anew each time. Decoded blocks are shared, 96 MiB.
 */
export function imageOpener(options: OpenerOptions = {}): ImageOpener {
  const transport = httpTransport(options, options.http);
  const cache = lru<Uint8Array>(DECODED_CACHE_BYTES);
  const headers = lru<Promise<RasterImage>>(MAX_CACHED_IMAGES);
  let opened = 0;

  async function open(
    source: ByteSource,
    siblings: (name: string) => Promise<Siblings>,
  ): Promise<RasterImage> {
    try {
      return await openFormat(contextOf(source, cache, `${opened++}`), () => siblings(source.name));
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** `.ovr` and `.msk` beside a local file. */
  async function beside(path: string): Promise<Siblings> {
    const sibling = async (suffix: string): Promise<LevelContext | undefined> => {
      const source = await fileSource(path + suffix).catch((error: unknown) => {
        if (error instanceof SwathError && error.code === 'NotFound') return undefined;
        throw error;
      });
      return source === undefined ? undefined : contextOf(source, cache, `${opened++}`);
    };
    const [overviews, masks] = [await sibling('.ovr'), await sibling('.msk')];
    return { ...(overviews === undefined ? {} : { overviews }), ...(masks === undefined ? {} : { masks }) };
  }

  async function openFile(path: string): Promise<RasterImage> {
    if (options.files !== true) {
      throw new SwathError('InvalidInput', 'Local files are not read here.', {
        fix: 'Give an https address.',
      });
    }
    const held: Siblings[] = [];
    const image = await open(await fileSource(path), async (name) => {
      const siblings = await beside(name);
      held.push(siblings);
      return siblings;
    }).catch(async (error: unknown) => {
      await closeAll(held);
      throw error;
    });
    return {
      ...image,
      async close() {
        await image.close();
        await closeAll(held);
      },
    };
  }

  function remote(href: string, source: () => Promise<ByteSource>): Promise<RasterImage> {
    const kept = headers.get(href);
    if (kept !== undefined) return kept;
    const image = source().then((made) => open(made, async () => ({})));
    headers.set(href, image, 1);
    image.catch(() => headers.delete(href));
    return image;
  }

  /** A shared image: closing it is the opener's business; a change of the object makes the next opening fresh. */
  async function shared(href: string, source: () => Promise<ByteSource>): Promise<RasterImage> {
    const image = await remote(href, source);
    return {
      name: image.name,
      info: image.info,
      async readWindow(request) {
        try {
          return await image.readWindow(request);
        } catch (error) {
          if (error instanceof SwathError && error.code === 'Corrupt') headers.delete(href);
          throw error;
        }
      },
      async close() {},
    };
  }

  const openImage: OpenImage = async (href, signal) => {
    if (signal?.aborted) throw new SwathError('Cancelled', 'Opening was cancelled.');
    if (isAbsolute(href)) return await openFile(href);
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
    const injected = scheme === undefined ? undefined : options.sources?.[scheme];
    if (injected !== undefined) return await shared(href, () => injected(href));
    switch (scheme) {
      case 'file':
        return await openFile(filePath(href));
      case 'http':
      case 'https':
        return await shared(href, async () => transport.source(href));
      case 's3':
        return await shared(href, async () => transport.source(s3HttpsUrl(href)));
      default:
        throw new SwathError(
          'InvalidInput',
          `"${publicName(href).slice(0, 200)}" is not an address of an image that can be read here.`,
          { fix: 'Give an https or s3 address.' },
        );
    }
  };
  return Object.assign(openImage, { close: () => transport.close() });
}

function contextOf(source: ByteSource, cache: Lru<Uint8Array>, cacheKey: string): LevelContext {
  return { source: bufferedSource(source), cache, cacheKey };
}

async function closeAll(held: readonly Siblings[]): Promise<void> {
  for (const { overviews, masks } of held) {
    await overviews?.source.close();
    await masks?.source.close();
  }
}

function filePath(href: string): string {
  try {
    return fileURLToPath(href);
  } catch (cause) {
    throw new SwathError('InvalidInput', 'The file: address is not a local path.', { cause });
  }
}
