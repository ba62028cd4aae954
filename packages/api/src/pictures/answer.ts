import { contentHash, ENGINE_VERSION, isSwathError, SWATH_VERSION, sha256Hex } from '@swath/core';
import type { PictureFormat } from '@swath/raster/picture/encode';
import { mediaTypeOf, type Picture } from '@swath/tiles';
import { LINK_EXPIRES_S } from '../limits.ts';
import { namesEtag } from '../objects.ts';
import type { Call } from '../route.ts';
import { PICTURE_CACHE } from './limits.ts';
import { picturesOf } from './own.ts';
import type { PictureService } from './service.ts';

/** What decides every byte of an answer: its ETag. */
export function etagOf(parts: Readonly<Record<string, unknown>>): string {
  return `"${contentHash({ ...parts, version: `${SWATH_VERSION} ${ENGINE_VERSION}` }).slice(0, 32)}"`;
}

/** 304 when the caller has it already. Only for callers who may read it. */
export function notModified(call: Call, etag: string): Response | undefined {
  const noneMatch = call.request.headers.get('if-none-match');
  if (noneMatch === null || !namesEtag(noneMatch, etag)) return undefined;
  return new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': PICTURE_CACHE } });
}

/**
 * A picture of what never changes: drawn in turn, encoded, and kept by the caller. A picture that cannot be drawn is a
 * problem, which nobody keeps.
 */
export async function answerPicture(
  call: Call,
  { etag, format }: { readonly etag: string; readonly format: PictureFormat },
  draw: (signal: AbortSignal) => Promise<Picture>,
): Promise<Response> {
  const unchanged = notModified(call, etag);
  if (unchanged !== undefined) return unchanged;
  const bytes = await encoded(call, format, draw);
  return await answerBytes(call, bytes, {
    'Content-Type': mediaTypeOf[format],
    ETag: etag,
    'Cache-Control': PICTURE_CACHE,
  });
}

/** Drawn and encoded when the caller's turn has come. */
export async function encoded(
  call: Call,
  format: PictureFormat,
  draw: (signal: AbortSignal) => Promise<Picture>,
): Promise<Uint8Array> {
  const { signal } = call.request;
  return await picturesOf(call).takeTurns(async () => {
    const picture = await draw(signal);
    const { encodeRgba } = await import('@swath/raster/picture/encode');
    return await encodeRgba(picture.rgba, picture, format);
  }, signal);
}

/** The bytes, or where they lie when they are too many for an answer. */
export async function answerBytes(
  call: Call,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const { overflow } = picturesOf(call);
  if (overflow !== undefined && bytes.byteLength > overflow.aboveBytes) {
    const Location = await putAside(overflow, bytes, headers['Content-Type'] ?? '');
    return new Response(null, { status: 302, headers: { Location, 'Cache-Control': 'no-store' } });
  }
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'Content-Length': String(bytes.byteLength) },
  });
}

async function putAside(
  { objects, prefix }: NonNullable<PictureService['overflow']>,
  bytes: Uint8Array,
  contentType: string,
): Promise<string> {
  const sha256 = sha256Hex(bytes);
  const key = `${prefix}${sha256}.${contentType.split('/')[1] ?? 'bin'}`;
  try {
    await objects.put(key, bytes, { contentType, sha256, ifAbsent: true });
  } catch (error) {
    // The same picture lies there already.
    if (!isSwathError(error, 'Conflict')) throw error;
  }
  return await objects.link(key, { expiresInS: LINK_EXPIRES_S });
}
