import { SwathError } from '@swath/core';
import { defaultLinkS, maxLinkS, maxListObjects, maxObjectKeyBytes } from './limits.ts';
import { utf8Length } from './utf8.ts';

/** @throws SwathError InvalidInput: empty, over 1,024 UTF-8 bytes, control characters, half a surrogate pair. */
export function checkObjectKey(key: string): void {
  const bytes = utf8Length(key);
  const problem =
    bytes === 0 || bytes > maxObjectKeyBytes
      ? `it has ${bytes} bytes; 1 to ${maxObjectKeyBytes} are allowed`
      : !key.isWellFormed()
        ? 'it is not valid Unicode'
        : // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
          /[\u0000-\u001f\u007f]/.test(key)
          ? 'it holds a control character'
          : undefined;
  if (problem !== undefined) throw new SwathError('InvalidInput', `Not an object key: ${problem}.`);
}

/** @throws SwathError InvalidInput unless offset is a whole number >= 0 and length one >= 1. */
export function checkRange(offsetBytes: number, lengthBytes: number): void {
  if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0) {
    throw new SwathError('InvalidInput', `Offset ${offsetBytes} is not a whole number of bytes.`);
  }
  if (!Number.isSafeInteger(lengthBytes) || lengthBytes < 1) {
    throw new SwathError('InvalidInput', `Length ${lengthBytes} is not a positive whole number of bytes.`);
  }
}

/** The error of a range that begins at or after the end (HTTP 416). */
export function pastTheEnd(offsetBytes: number, sizeBytes: number | undefined): SwathError {
  const size = sizeBytes === undefined ? 'the object' : `the ${sizeBytes} bytes of the object`;
  return new SwathError('LimitExceeded', `Offset ${offsetBytes} is past the end of ${size}.`);
}

export function checkSha256(sha256: string | undefined): void {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new SwathError('InvalidInput', 'A checksum is 64 lower-case hexadecimal digits.');
  }
}

export function wrongChecksum(expected: string, actual: string): SwathError {
  return new SwathError('Corrupt', `The content has sha256 ${actual}, not ${expected}; nothing was stored.`);
}

/** The key is safe to name: it is the caller's own. */
export function noSuchObject(key: string): SwathError {
  return new SwathError('NotFound', `There is no object "${key}".`);
}

export function objectExists(key: string): SwathError {
  return new SwathError('Conflict', `Object "${key}" exists already.`, {
    fix: 'Compare checksums: equal content is success.',
  });
}

/** @returns keys of one page. @throws InvalidInput unless 1 to 1,000. */
export function listLimit(limit: number | undefined): number {
  const asked = limit ?? maxListObjects;
  if (!Number.isInteger(asked) || asked < 1 || asked > maxListObjects) {
    throw new SwathError('InvalidInput', `limit is ${asked}; 1 to ${maxListObjects} are allowed.`);
  }
  return asked;
}

/** @returns seconds a link lives. @throws InvalidInput unless 1 to 3,600. */
export function linkLifeS(expiresInS: number | undefined): number {
  const asked = expiresInS ?? defaultLinkS;
  if (!Number.isInteger(asked) || asked < 1 || asked > maxLinkS) {
    throw new SwathError('InvalidInput', `A link lives 1 to ${maxLinkS} s, not ${asked}.`);
  }
  return asked;
}

/** Content-Disposition of a download (RFC 6266, RFC 8187): never a header injection, whatever the name. */
export function contentDisposition(downloadName: string): string {
  const safe = downloadName.toWellFormed().replaceAll(/[^\w.()-]/g, '_');
  const encoded = encodeURIComponent(downloadName.toWellFormed()).replaceAll(/['()*]/g, percentEncode);
  return `attachment; filename="${safe}"; filename*=UTF-8''${encoded}`;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Stops with Cancelled when the caller has given up. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SwathError('Cancelled', 'The operation was cancelled.', { cause: signal.reason });
  }
}
