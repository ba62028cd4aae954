import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { SwathError } from '@swath/core';
import { type Clock, linkLifeS } from '@swath/ports';
import { keptFile } from './kept-file.ts';

export interface LocalLink {
  readonly bucket: string;
  readonly key: string;
  /** Name the download is to have. */
  readonly downloadName?: string;
}

export interface LocalLinks {
  /** `<baseUrl>/files/<bucket>/<key>?expires=<Unix seconds>&signature=<HMAC>` */
  make(link: LocalLink, expiresInS?: number): string;
  /**
   * What a URL made here names, whatever host it was asked at.
   * @throws SwathError NotFound: forged, changed, expired. Never says which.
   */
  verify(url: string | URL): LocalLink;
}

/** Links to objects served by the local API: only who was given one can read, only that object, only for a while. */
export function localLinks(options: {
  /** Of the API, without a slash at the end. */
  readonly baseUrl: string;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}): LocalLinks {
  const base = new URL(options.baseUrl);
  const prefix = `${base.pathname.replace(/\/$/, '')}/files/`;
  const sign = (link: LocalLink, expires: string) =>
    createHmac('sha256', options.secret)
      .update(JSON.stringify(['GET', link.bucket, link.key, link.downloadName ?? null, expires]))
      .digest();
  return {
    make(link, expiresInS) {
      const expires = String(Math.floor(options.clock.now() / 1000) + linkLifeS(expiresInS));
      const url = new URL(`${prefix}${encodeURIComponent(link.bucket)}/${keyToPath(link.key)}`, base);
      url.searchParams.set('expires', expires);
      if (link.downloadName !== undefined) url.searchParams.set('download', link.downloadName);
      url.searchParams.set('signature', sign(link, expires).toString('base64url'));
      return url.href;
    },
    verify(url) {
      const link = readLink(new URL(url, base), prefix);
      if (link === undefined) throw badLink();
      const { expires, signature, ...named } = link;
      const expected = sign(named, expires);
      const good = signature.length === expected.length && timingSafeEqual(signature, expected);
      if (!good || !(options.clock.now() < Number(expires) * 1000)) throw badLink();
      return named;
    },
  };
}

/** 32 random bytes kept in `<folder>/link-secret`, made by whoever comes first. */
export function linkSecret(folder: string): Uint8Array {
  const secret = keptFile(folder, 'link-secret', randomBytes(32));
  if (secret.length !== 32) {
    throw new SwathError('Corrupt', 'The link secret of the data folder is damaged.', {
      fix: 'Delete link-secret: links made so far stop working.',
    });
  }
  return secret;
}

/**
 * Slashes stay slashes, so that a link ends in a file name. URL parsers remove `.` and `..` and some servers empty
 * segments: such keys, and those that begin with the mark, go as `~` and base64url.
 */
function keyToPath(key: string): string {
  const segments = key.split('/');
  const plain = !key.startsWith('~') && segments.every((segment) => !/^\.{0,2}$/.test(segment));
  return plain ? segments.map(encodeURIComponent).join('/') : `~${Buffer.from(key).toString('base64url')}`;
}

function pathToKey(path: string): string {
  if (path.startsWith('~')) return Buffer.from(path.slice(1), 'base64url').toString();
  return path.split('/').map(decodeURIComponent).join('/');
}

function readLink(url: URL, prefix: string) {
  const [bucket, ...rest] = url.pathname.startsWith(prefix)
    ? url.pathname.slice(prefix.length).split('/')
    : [];
  const expires = url.searchParams.get('expires') ?? '';
  if (bucket === undefined || rest.length === 0 || !/^\d{1,12}$/.test(expires)) return undefined;
  const downloadName = url.searchParams.get('download');
  try {
    return {
      bucket: decodeURIComponent(bucket),
      key: pathToKey(rest.join('/')),
      ...(downloadName === null ? {} : { downloadName }),
      expires,
      signature: Buffer.from(url.searchParams.get('signature') ?? '', 'base64url'),
    };
  } catch (error) {
    // A percent sign without two digits: no link of ours.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function badLink(): SwathError {
  return new SwathError('NotFound', 'The link is not valid, or no longer.', { fix: 'Ask for a new link.' });
}
