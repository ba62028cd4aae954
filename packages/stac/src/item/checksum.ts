export type ChecksumAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512' | 'sha3-256' | 'sha3-512';

export interface Checksum {
  /** Name as node:crypto's createHash takes it. */
  readonly algorithm: ChecksumAlgorithm;
  /** Lower-case hex. */
  readonly digest: string;
}

/** Multicodec code (https://github.com/multiformats/multicodec) -> algorithm and digest bytes. */
const algorithms: ReadonlyMap<number, { readonly name: ChecksumAlgorithm; readonly bytes: number }> = new Map(
  [
    [0x11, { name: 'sha1', bytes: 20 }],
    [0x12, { name: 'sha256', bytes: 32 }],
    [0x13, { name: 'sha512', bytes: 64 }],
    [0x14, { name: 'sha3-512', bytes: 64 }],
    [0x16, { name: 'sha3-256', bytes: 32 }],
    [0xd5, { name: 'md5', bytes: 16 }],
  ],
);

/** Digests without the multihash prefix, by hex length: Planetary Computer's Sentinel-1 RTC has bare MD5. */
const bare: Readonly<Record<number, ChecksumAlgorithm>> = {
  32: 'md5',
  40: 'sha1',
  64: 'sha256',
  128: 'sha512',
};

/**
 * `file:checksum` of the file extension: a multihash in hex, `<code varint><length varint><digest>`. A bare digest is
 * told by its length, which no multihash of a known algorithm has.
 * @returns undefined when the text is no multihash, or one of an algorithm unknown here.
 */
export function parseChecksum(multihash: string): Checksum | undefined {
  const text = multihash.toLowerCase();
  if (!/^([0-9a-f]{2}){3,80}$/.test(text)) return undefined;
  const unprefixed = bare[text.length];
  if (unprefixed !== undefined) return { algorithm: unprefixed, digest: text };
  const bytes = Buffer.from(text, 'hex');
  const code = readVarint(bytes, 0);
  const length = code === undefined ? undefined : readVarint(bytes, code.end);
  if (code === undefined || length === undefined) return undefined;
  const algorithm = algorithms.get(code.value);
  const digest = text.slice(length.end * 2);
  if (algorithm === undefined || length.value !== algorithm.bytes || digest.length !== algorithm.bytes * 2) {
    return undefined;
  }
  return { algorithm: algorithm.name, digest };
}

/** Multihash (hex) of a sha256 digest (64 hex characters). */
export function sha256Multihash(digest: string): string {
  return `1220${digest.toLowerCase()}`;
}

/** Unsigned varint of at most two bytes: all codes above fit. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  const first = bytes[start];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, end: start + 1 };
  const second = bytes[start + 1];
  if (second === undefined || second >= 0x80) return undefined;
  return { value: (first & 0x7f) | (second << 7), end: start + 2 };
}
