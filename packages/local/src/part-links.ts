import { createHmac, timingSafeEqual } from 'node:crypto';
import { SwathError } from '@swath/core';
import type { Clock } from '@swath/ports';
import type { PartAddress } from '@swath/ports/memory/part-uploads';

/** A part of an upload to one bucket. */
export interface PartLink extends PartAddress {
  readonly bucket: string;
}

export interface PartLinks {
  /** `<baseUrl>/files/~part/<bucket>/<upload>/<part>?size=<bytes>&expires=<Unix seconds>&signature=<HMAC>` */
  make(link: PartLink, expiresInS: number): string;
  /**
   * What a URL made here names, whatever host it was asked at.
   * @throws SwathError NotFound: forged, changed, expired. Never says which.
   */
  verify(url: string): PartLink;
}

const segment = /^[A-Za-z0-9-]{1,64}$/;

/** Links to PUT one part to: only that part, of that size, only for a while. No key of an object is in them. */
export function partLinks(options: {
  /** Of the API, without a slash at the end. */
  readonly baseUrl: string;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}): PartLinks {
  const base = new URL(options.baseUrl);
  const prefix = `${base.pathname.replace(/\/$/, '')}/files/~part/`;
  const sign = ({ bucket, uploadId, part, sizeBytes }: PartLink, expires: string) =>
    createHmac('sha256', options.secret)
      .update(JSON.stringify(['PUT', bucket, uploadId, part, sizeBytes, expires]))
      .digest();
  return {
    make(link, expiresInS) {
      const expires = String(Math.floor(options.clock.now() / 1000) + expiresInS);
      const url = new URL(`${prefix}${link.bucket}/${link.uploadId}/${link.part}`, base);
      url.searchParams.set('size', String(link.sizeBytes));
      url.searchParams.set('expires', expires);
      url.searchParams.set('signature', sign(link, expires).toString('base64url'));
      return url.href;
    },
    verify(text) {
      const url = new URL(text, base);
      const [bucket = '', uploadId = '', part = '', ...rest] = url.pathname.startsWith(prefix)
        ? url.pathname.slice(prefix.length).split('/')
        : [];
      const [size, expires, signature] = ['size', 'expires', 'signature'].map(
        (name) => url.searchParams.get(name) ?? '',
      ) as [string, string, string];
      const isWellFormed =
        [bucket, uploadId].every((one) => segment.test(one)) &&
        [part, size, expires].every((one) => /^[1-9]\d{0,12}$/.test(one)) &&
        rest.length === 0;
      if (!isWellFormed) throw badLink();
      const link = { bucket, uploadId, part: Number(part), sizeBytes: Number(size) };
      const expected = sign(link, expires);
      const given = Buffer.from(signature, 'base64url');
      const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
      if (!isOurs || !(options.clock.now() < Number(expires) * 1000)) throw badLink();
      return link;
    },
  };
}

function badLink(): SwathError {
  return new SwathError('NotFound', 'The link is not valid, or no longer.', {
    fix: 'Ask for a new one: POST /uploads/{id}/parts.',
  });
}
