import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { lercBytes, lzw, nineBits, packbits } from './encoders.ts';
import { gdalSeeds } from './gdal-seeds.ts';
import type { HostileFile } from './hostile-files.ts';
import { type BuilderTag, buildTiff, imageTags } from './tiff-builder.ts';

const SIDE = 64;
const RAMP = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (at * 7 + (at >> 6)) & 255);

const [LZW, JPEG, DEFLATE, PACKBITS, LERC, ZSTD, WEBP] = [5, 7, 8, 32773, 34887, 50000, 50001];

/** A 64 x 64 image of bytes in one tile. */
function tile(compression: number, block: Uint8Array, more: readonly BuilderTag[] = []): Uint8Array {
  const shape = { width: SIDE, height: SIDE, compression, tile: [SIDE, SIDE] as const };
  return buildTiff([{ tags: imageTags(shape, more), blocks: [block], tiled: true }]);
}

const packers: readonly (readonly [name: string, code: number, pack: (bytes: Uint8Array) => Uint8Array])[] = [
  ['deflate', DEFLATE, (bytes) => deflateSync(bytes)],
  ['old deflate', 32946, (bytes) => deflateSync(bytes)],
  ['LZW', LZW, lzw],
  ['PackBits', PACKBITS, packbits],
  ['zstd', ZSTD, (bytes) => zstdCompressSync(bytes)],
  ['LERC', LERC, (bytes) => lercBytes(SIDE, Math.max(1, Math.ceil(bytes.length / SIDE)), bytes)],
];

/** 12-bit codes of LZW that each stand for a long run: some 3 bytes of output for each bit. */
function lzwBomb(codes: number): Uint8Array {
  // Clear, 0, then the code defined just before, which is the string so far and one byte more.
  const out: number[] = [];
  let [buffer, held, width] = [0, 0, 9];
  const put = (code: number): void => {
    buffer = (buffer << width) | code;
    held += width;
    while (held >= 8) {
      held -= 8;
      out.push((buffer >> held) & 255);
    }
    buffer &= (1 << held) - 1;
  };
  put(256);
  put(0);
  for (let index = 0; index < codes; index++) {
    const next = Math.min(258 + index, 4094);
    put(next);
    if (next + 2 >= 1 << width && width < 12) width++;
  }
  put(257);
  out.push((buffer << (8 - held)) & 255);
  return Uint8Array.from(out);
}

function bombs(): HostileFile[] {
  const mib = 1024 * 1024;
  const zeros = new Uint8Array(64 * mib);
  const runs = new Uint8Array(2 * mib);
  for (let at = 0; at < runs.length; at += 2) runs[at] = 129;
  const inner: readonly (readonly [string, number, Uint8Array, HostileFile['ends']])[] = [
    ['deflate', DEFLATE, deflateSync(zeros, { level: 9 }), 'Corrupt'],
    ['old deflate', 32946, deflateSync(zeros, { level: 9 }), 'Corrupt'],
    ['zstd', ZSTD, zstdCompressSync(zeros), 'Corrupt'],
    // What lies behind the last pixel is not read by either: libtiff stops there, too.
    ['PackBits', PACKBITS, runs.subarray(0, 60_000), 'pixels'],
    ['LZW', LZW, lzwBomb(30_000), 'pixels'],
    ['LERC with deflate', LERC, deflateSync(zeros, { level: 9 }), 'Corrupt'],
    ['LERC with zstd', LERC, zstdCompressSync(zeros), 'Corrupt'],
  ];
  const out = inner.map(([name, code, block, ends]): HostileFile => {
    const added = name.endsWith('with deflate') ? 1 : name.endsWith('with zstd') ? 2 : 0;
    const more = code === LERC ? [{ tag: 50674, type: 4, values: [4, added] }] : [];
    return {
      name: `G06 a ${name} bomb of ${block.length} bytes in a tile of 4096`,
      bytes: tile(code, block, more),
      ends,
    };
  });
  // Tiles declared as large as the limit allows, with streams that come to almost as much.
  const [width, height] = [7168, 8192];
  const almost = zeros.subarray(0, width * height - 1);
  for (const [name, code, block] of [
    ['deflate', DEFLATE, deflateSync(almost)],
    ['zstd', ZSTD, zstdCompressSync(almost)],
    ['LZW', LZW, lzwBomb(16_000)],
    ['PackBits', PACKBITS, runs.subarray(0, 800_000)],
  ] as const) {
    const tags = imageTags({ width, height, compression: code, tile: [width, height] });
    out.push({
      name: `G07 a ${name} tile of 56 MiB that ends short`,
      bytes: buildTiff([{ tags, blocks: [block], tiled: true }]),
      ends: 'Corrupt',
    });
  }
  for (const [name, code] of [
    ['deflate', DEFLATE],
    ['zstd', ZSTD],
    ['LZW', LZW],
    ['PackBits', PACKBITS],
    ['LERC', LERC],
    ['JPEG', JPEG],
    ['WebP', WEBP],
  ] as const) {
    const tags = imageTags({ width, height, compression: code, tile: [width, height] });
    out.push({
      name: `G06 a ${name} tile of 56 MiB from 16 bytes`,
      bytes: buildTiff([{ tags, blocks: [RAMP.subarray(16, 32)], tiled: true }]),
      ends: code === LERC ? 'any' : 'Corrupt',
    });
  }
  return out;
}

/** zlib's last four bytes are the Adler-32 of what it decodes to. */
function badChecksum(stream: Uint8Array): Uint8Array {
  return new Uint8Array(stream).fill(0, stream.length - 4);
}

function lengths(): HostileFile[] {
  const out: HostileFile[] = [];
  for (const [name, code, pack] of packers) {
    const whole = pack(RAMP);
    const shortened = pack(RAMP.subarray(0, RAMP.length - SIDE));
    out.push(
      {
        name: `G08 ${name} that is right`,
        bytes: tile(code, whole),
        ends: 'pixels',
        samples: [...RAMP.subarray(0, 8)],
      },
      { name: `G07 ${name} of one row too few`, bytes: tile(code, shortened), ends: 'Corrupt' },
      {
        name: `G07 ${name} cut in half`,
        bytes: tile(code, whole.subarray(0, whole.length >> 1)),
        ends: 'Corrupt',
      },
      {
        name: `G07 ${name} cut to 1 byte`,
        bytes: tile(code, whole.subarray(0, 1)),
        ends: code === LERC ? 'Unsupported' : 'Corrupt',
      },
      {
        name: `G17 ${name} that begins with 4 bytes of 255`,
        bytes: tile(code, Buffer.concat([Buffer.alloc(4, 255), whole])),
        ends: 'any',
      },
      {
        name: `G17 ${name} with its middle set to 255`,
        bytes: tile(code, Buffer.from(whole).fill(255, whole.length >> 1, (whole.length >> 1) + 8)),
        ends: 'any',
      },
      {
        name: `G08 ${name} with bytes behind its end`,
        bytes: tile(code, Buffer.concat([whole, RAMP.subarray(0, 200)])),
        ends: 'any',
      },
      { name: `G08 ${name} twice`, bytes: tile(code, Buffer.concat([whole, whole])), ends: 'any' },
    );
  }
  for (const [name, code, pack] of packers.slice(0, 5)) {
    const long = pack(Buffer.concat([RAMP, RAMP]));
    const ends = name === 'LZW' || name === 'PackBits' ? 'pixels' : 'Corrupt';
    out.push({ name: `G08 ${name} of twice the samples`, bytes: tile(code, long), ends });
  }
  out.push(
    { name: 'G17 gzip for deflate', bytes: tile(DEFLATE, gzipSync(RAMP)), ends: 'Corrupt' },
    { name: 'G17 raw deflate for zlib', bytes: tile(DEFLATE, deflateRawSync(RAMP)), ends: 'Corrupt' },
    {
      name: 'G17 deflate with a wrong checksum',
      bytes: tile(DEFLATE, badChecksum(deflateSync(RAMP))),
      ends: 'Corrupt',
    },
    {
      name: 'G17 a zstd skippable frame alone',
      bytes: tile(ZSTD, Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4)),
      ends: 'Corrupt',
    },
    {
      name: 'G17 a zstd frame with a window of 2 GiB',
      bytes: tile(ZSTD, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0)),
      ends: 'Corrupt',
    },
    {
      name: 'G17 a zstd frame that claims 2^63 bytes',
      bytes: tile(ZSTD, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0)),
      ends: 'Corrupt',
    },
  );
  return out;
}

function lzwCodes(): HostileFile[] {
  const image = (name: string, codes: readonly number[], ends: HostileFile['ends']): HostileFile => ({
    name: `G17 LZW ${name}`,
    bytes: tile(LZW, nineBits(codes)),
    ends,
  });
  return [
    image('whose first code is in no table', [256, 300], 'Corrupt'),
    image('without a clear code, first code 258', [258, 259], 'Corrupt'),
    image('with a code one beyond the next', [256, 1, 2, 261], 'Corrupt'),
    image(
      'of clear codes only',
      Array.from({ length: 2000 }, () => 256),
      'Corrupt',
    ),
    image('of an end code only', [257], 'Corrupt'),
    image('of nothing but code 258', [256, 7, ...Array.from({ length: 100 }, () => 258)], 'Corrupt'),
    image('without an end code', [256, ...RAMP.subarray(0, 200)], 'Corrupt'),
    {
      name: 'G17 LZW, least significant bit first',
      bytes: tile(LZW, Uint8Array.of(0, 1, 2, 3, 4)),
      ends: 'Unsupported',
    },
    { name: 'G17 LZW of zeros', bytes: tile(LZW, new Uint8Array(4000)), ends: 'any' },
    { name: 'G17 LZW of 255', bytes: tile(LZW, new Uint8Array(4000).fill(255)), ends: 'Corrupt' },
  ];
}

function lercLies(): HostileFile[] {
  const right = lercBytes(SIDE, SIDE, RAMP);
  const lie = (
    name: string,
    at: number,
    value: number,
    ends: HostileFile['ends'] = 'Corrupt',
  ): HostileFile => {
    const blob = new Uint8Array(right);
    new DataView(blob.buffer).setInt32(at, value, true);
    return { name: `G17 LERC ${name}`, bytes: tile(LERC, blob), ends };
  };
  return [
    lie('of version 2^31 - 1', 6, 2 ** 31 - 1, 'any'),
    lie('of 2^31 - 1 rows', 10, 2 ** 31 - 1),
    lie('of 2^31 - 1 columns', 14, 2 ** 31 - 1),
    lie('of -1 rows', 10, -1),
    lie('of half its valid pixels', 18, 2048, 'Unsupported'),
    lie('of micro blocks of 0', 22, 0, 'any'),
    lie('of micro blocks of 2^30', 22, 2 ** 30, 'any'),
    lie('that claims 2^31 - 1 bytes', 26, 2 ** 31 - 1, 'any'),
    lie('of doubles', 30, 7),
    lie('of data type 99', 30, 99),
    lie('with a mask of 2^31 - 1 bytes', 58, 2 ** 31 - 1, 'any'),
    {
      name: 'G17 LERC with added compression 9',
      bytes: tile(LERC, right, [{ tag: 50674, type: 4, values: [4, 9] }]),
      ends: 'Unsupported',
    },
    {
      name: 'G17 LERC of version 1',
      bytes: tile(LERC, Buffer.concat([Buffer.from('CntZImage '), RAMP])),
      ends: 'Unsupported',
    },
  ];
}

/** Changes of a file that GDAL wrote, at the first place where `needle` stands. */
function changed(
  seed: string,
  needle: readonly number[],
  change: (bytes: Uint8Array, at: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(gdalSeeds[seed] ?? '', 'base64'));
  const at = Buffer.from(bytes).indexOf(Buffer.from(needle));
  if (at < 0) throw new Error(`no ${needle.join(' ')} in ${seed}`);
  change(bytes, at);
  return bytes;
}

function pictures(): HostileFile[] {
  const out: HostileFile[] = [];
  const jpeg = (
    name: string,
    needle: readonly number[],
    change: (bytes: Uint8Array, at: number) => void,
    ends: HostileFile['ends'] = 'Corrupt',
  ): void => {
    for (const seed of ['jpegYcbcr', 'jpegGrey'])
      out.push({ name: `G17 ${seed} ${name}`, bytes: changed(seed, needle, change), ends });
  };
  const SOF = [0xff, 0xc0];
  jpeg('that claims 65,500 rows', SOF, (bytes, at) => bytes.set([0xff, 0xdc], at + 5));
  jpeg('that claims 65,500 columns', SOF, (bytes, at) => bytes.set([0xff, 0xdc], at + 7));
  jpeg('of 0 columns', SOF, (bytes, at) => bytes.set([0, 0], at + 7));
  jpeg('of 12 bits', SOF, (bytes, at) => bytes.fill(12, at + 4, at + 5), 'Unsupported');
  jpeg('of 9 components', SOF, (bytes, at) => bytes.fill(9, at + 9, at + 10));
  jpeg('without Huffman tables', [0xff, 0xc4], (bytes, at) => bytes.fill(0xfe, at + 1, at + 2), 'any');
  jpeg('without quantisation tables', [0xff, 0xdb], (bytes, at) => bytes.fill(0xfe, at + 1, at + 2), 'any');
  jpeg('without SOI', [0xff, 0xd8], (bytes, at) => bytes.fill(0, at, at + 2));
  jpeg('with a segment of 65,535 bytes', [0xff, 0xc4], (bytes, at) => bytes.set([0xff, 0xff], at + 2), 'any');
  jpeg('with a segment of 0 bytes', [0xff, 0xc4], (bytes, at) => bytes.set([0, 0], at + 2), 'any');
  jpeg('said to be progressive', SOF, (bytes, at) => bytes.fill(0xc2, at + 1, at + 2), 'any');
  jpeg('said to be arithmetic', SOF, (bytes, at) => bytes.fill(0xc9, at + 1, at + 2), 'any');
  jpeg('whose scan is all ones', [0xff, 0xda], (bytes, at) => bytes.fill(0xff, at + 14), 'any');
  for (const seed of ['webpLossless', 'webpAlpha']) {
    const webp = (
      name: string,
      change: (bytes: Uint8Array, at: number) => void,
      ends: HostileFile['ends'] = 'Corrupt',
    ): void => {
      out.push({ name: `G17 ${seed} ${name}`, bytes: changed(seed, [0x52, 0x49, 0x46, 0x46], change), ends });
    };
    webp('of 16,384 columns', (bytes, at) => bytes.fill(0xff, at + 21, at + 23));
    webp('whose chunk claims 2^32 - 1 bytes', (bytes, at) => bytes.fill(0xff, at + 16, at + 20));
    webp('whose file claims 0 bytes', (bytes, at) => bytes.fill(0, at + 4, at + 8), 'any');
    webp('that is no RIFF', (bytes, at) => bytes.fill(0, at, at + 4));
    webp('whose pixels are zeros', (bytes, at) => bytes.fill(0, at + 26, at + 60), 'any');
  }
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><image href="file:///etc/passwd"/></svg>',
  );
  const three: BuilderTag[] = [
    { tag: 277, type: 3, values: [3] },
    { tag: 258, type: 3, values: [8, 8, 8] },
  ];
  out.push(
    { name: 'G25 SVG in a WebP tile', bytes: tile(WEBP, svg, three), ends: 'Corrupt' },
    { name: 'G25 SVG in a JPEG tile', bytes: tile(JPEG, svg, three), ends: 'Corrupt' },
    {
      name: 'G25 PNG in a WebP tile',
      bytes: tile(WEBP, Buffer.from('89504e470d0a1a0a', 'hex'), three),
      ends: 'Corrupt',
    },
    {
      name: 'G17 WebP of 16 bits',
      bytes: tile(WEBP, RAMP, [{ tag: 258, type: 3, values: [16] }]),
      ends: 'Unsupported',
    },
    {
      name: 'G17 JPEG of 4 samples',
      bytes: tile(JPEG, RAMP, [{ tag: 277, type: 3, values: [4] }]),
      ends: 'any',
    },
  );
  return out;
}

/** Blocks that decode too long, too short, to something else or not at all. */
export function hostileStreams(): HostileFile[] {
  return [...bombs(), ...lengths(), ...lzwCodes(), ...lercLies(), ...pictures()];
}
