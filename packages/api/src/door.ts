import { SwathError } from '@swath/core';
import { parseJsonDocument } from '@swath/requests';
import { BODY_LIMIT_BYTES } from './limits.ts';
import { HttpError } from './problem.ts';

function tooLarge(limitBytes: number): HttpError {
  return new HttpError('LimitExceeded', `The body is over the limit of ${limitBytes} bytes.`, {
    status: 413,
    fix: 'Send less: simplify the area, or name fewer items.',
    headers: { Connection: 'close' },
  });
}

/** The body's bytes, at most `limitBytes`, counted as they are read whatever Content-Length says. @throws HttpError 413. */
export async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const pieces: Uint8Array[] = [];
  let total = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.byteLength;
    if (total > limitBytes) {
      await reader.cancel();
      throw tooLarge(limitBytes);
    }
    pieces.push(value);
  }
  return Buffer.concat(pieces, total);
}

function checkHeaders(request: Request): void {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new HttpError('Unsupported', `Bodies in content encoding "${encoding}" are not read.`, {
      status: 415,
      fix: 'Send the JSON as it is.',
    });
  }
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new HttpError('Unsupported', `The body must be JSON; it says it is "${type}".`, {
      status: 415,
      fix: 'Send it with the header "Content-Type: application/json".',
    });
  }
}

/** @throws HttpError 413, 415; SwathError InvalidInput when it is not JSON, too deep, or not what it seems. */
export async function readJson(request: Request): Promise<unknown> {
  checkHeaders(request);
  const bytes = await readBytes(request, BODY_LIMIT_BYTES);
  if (bytes.byteLength === 0) {
    throw new SwathError('InvalidInput', 'The body is empty.', { pointer: '', fix: 'Send a JSON object.' });
  }
  return parseJsonDocument(decodeUtf8(bytes), BODY_LIMIT_BYTES);
}

/** A byte order mark stays in, and is no JSON (RFC 8259, 8.1). */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SwathError('InvalidInput', 'The body is not UTF-8 text.', {
      pointer: '',
      fix: 'Send it as UTF-8.',
      cause,
    });
  }
}
