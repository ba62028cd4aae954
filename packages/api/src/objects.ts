import type { ObjectInfo, Objects } from '@swath/ports';
import { STREAM_PIECE_BYTES } from './limits.ts';
import { HttpError } from './problem.ts';

/** Bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * One range of a Range header; undefined when there is none to honour (no header, other units, several ranges, bad
 * syntax): then the whole is answered, as RFC 9110, 14.2 allows.
 * @throws HttpError 416 when it lies outside.
 */
export function rangeOf(header: string | null, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (start < end) return { start, end };
  throw new HttpError('RangeNotSatisfiable', `The file has ${sizeBytes} bytes; the range asks for others.`, {
    fix: 'Ask for bytes inside the file.',
    headers: { 'Content-Range': `bytes */${sizeBytes}` },
  });
}

/** The object's bytes in pieces, read only as fast as the client takes them. */
function bodyOf(
  objects: Objects,
  key: string,
  range: ByteRange,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let offset = range.start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (offset >= range.end) {
          controller.close();
          return;
        }
        const length = Math.min(STREAM_PIECE_BYTES, range.end - offset);
        const piece = await objects.getRange(key, offset, length, { signal });
        offset += piece.byteLength;
        controller.enqueue(piece);
        if (offset >= range.end) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Does an If-None-Match or If-Range header name this ETag? */
export function namesEtag(header: string, etag: string): boolean {
  return header.split(',').some((tag) => {
    const bare = tag.trim().replace(/^W\//, '');
    return bare === '*' || bare === etag;
  });
}

/** GET and HEAD of one object, with Range, ETag and digest. Results never change under their key. */
export function serveObject(objects: Objects, info: ObjectInfo, request: Request): Response {
  const etag = `"${info.etag.replaceAll('"', '')}"`;
  const headers: Record<string, string> = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Content-Type': info.contentType,
    'Cache-Control': 'private, max-age=86400, immutable',
    'Repr-Digest': `sha-256=:${Buffer.from(info.sha256, 'hex').toString('base64')}:`,
  };
  const noneMatch = request.headers.get('if-none-match');
  if (noneMatch !== null && namesEtag(noneMatch, etag)) return new Response(null, { status: 304, headers });
  const ifRange = request.headers.get('if-range');
  const asked =
    ifRange === null || ifRange === etag ? rangeOf(request.headers.get('range'), info.sizeBytes) : undefined;
  const range = asked ?? { start: 0, end: info.sizeBytes };
  headers['Content-Length'] = String(range.end - range.start);
  if (asked !== undefined) {
    headers['Content-Range'] = `bytes ${range.start}-${range.end - 1}/${info.sizeBytes}`;
  }
  const body = request.method === 'HEAD' ? null : bodyOf(objects, info.key, range, request.signal);
  return new Response(body, { status: asked === undefined ? 200 : 206, headers });
}
