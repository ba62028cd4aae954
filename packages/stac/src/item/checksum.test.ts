import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseChecksum, sha256Multihash } from './checksum.ts';

const digestOf = (algorithm: string) => createHash(algorithm).update('swath').digest('hex');

describe('parseChecksum', () => {
  it.each([
    ['1114', 'sha1'],
    ['1220', 'sha256'],
    ['1340', 'sha512'],
    ['1440', 'sha3-512'],
    ['1620', 'sha3-256'],
    ['d50110', 'md5'],
  ] as const)('reads a multihash that starts with %s as %s', (prefix, algorithm) => {
    const digest = digestOf(algorithm);
    expect(parseChecksum(prefix + digest)).toEqual({ algorithm, digest });
    expect(parseChecksum((prefix + digest).toUpperCase())).toEqual({ algorithm, digest });
  });

  it('reads back what sha256Multihash writes', () => {
    const digest = digestOf('sha256');
    expect(parseChecksum(sha256Multihash(digest))).toEqual({ algorithm: 'sha256', digest });
  });

  it('tells a bare digest by its length', () => {
    expect(parseChecksum('dd3cc7ed9a831bfe915c87e45638c48c')?.algorithm).toBe('md5');
    expect(parseChecksum(digestOf('sha512'))?.algorithm).toBe('sha512');
  });

  it.each([
    '',
    'zz',
    '1220',
    `1220${'0'.repeat(62)}`,
    `1320${'0'.repeat(64)}`,
    `ffff20${'0'.repeat(64)}`,
    '12 20',
  ])('does not read %j', (text) => expect(parseChecksum(text)).toBeUndefined());
});
