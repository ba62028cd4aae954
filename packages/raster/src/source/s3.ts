import { SwathError } from '@swath/core';

/**
 * The anonymous virtual-hosted https address of `s3://bucket/key`. Bucket names with dots have no certificate and are
 * addressed by path. @throws SwathError InvalidInput.
 */
export function s3HttpsUrl(href: string): string {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(href);
  const [, bucket = '', key = ''] = match ?? [];
  if (match === null || bucket.includes('..') || key.includes('?') || key.includes('#')) {
    throw new SwathError('InvalidInput', 'The address is not of the form s3://bucket/key.');
  }
  const path = key
    .split('/')
    .map((part) => (part === '.' || part === '..' ? '' : encodeURIComponent(part)))
    .join('/');
  return bucket.includes('.')
    ? `https://s3.amazonaws.com/${bucket}/${path}`
    : `https://${bucket}.s3.amazonaws.com/${path}`;
}
