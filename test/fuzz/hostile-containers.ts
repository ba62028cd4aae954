import { gdalSeeds } from './gdal-seeds.ts';
import type { HostileFile } from './hostile-files.ts';
import { buildTiff, imageTags } from './tiff-builder.ts';

const tiff = buildTiff([
  { tags: imageTags({ width: 4, height: 2 }), blocks: [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)] },
]);

/** Files that are something else, or that are two things at once: the first bytes decide. */
function polyglots(): HostileFile[] {
  const heads: readonly (readonly [name: string, head: string | Uint8Array])[] = [
    ['PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['zip', 'PK\x03\x04'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    [
      'VRT',
      '<VRTDataset rasterXSize="4" rasterYSize="2"><VRTRasterBand><SourceFilename>/etc/passwd</SourceFilename>',
    ],
    ['shell', '#!/bin/sh\nrm -rf /\n'],
    ['JSON', '{"type":"Feature"}'],
    ['GIF', 'GIF89a'],
    ['PDF', '%PDF-1.7'],
    ['JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['RIFF', 'RIFF\xff\xff\xff\xffWEBP'],
    ['ELF', '\x7fELF'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['UTF-8 mark', Uint8Array.of(0xef, 0xbb, 0xbf)],
    ['Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\n'],
    ['S3 error', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
  ];
  const out = heads.map(
    ([name, head]): HostileFile => ({
      name: `G25 ${name} before a TIFF`,
      bytes: Buffer.concat([typeof head === 'string' ? Buffer.from(head, 'latin1') : head, tiff]),
      ends: 'Corrupt',
    }),
  );
  const mixed = new Uint8Array(tiff);
  mixed.set([0x49, 0x4d]);
  const version = new Uint8Array(tiff);
  version[2] = 44;
  const swapped = new Uint8Array(tiff);
  swapped.set([0x4d, 0x4d]);
  out.push(
    { name: 'G25 an empty file', bytes: new Uint8Array(0), ends: 'Corrupt' },
    { name: 'G25 one byte', bytes: Uint8Array.of(0x49), ends: 'Corrupt' },
    { name: 'G25 a megabyte of zeros', bytes: new Uint8Array(1 << 20), ends: 'Corrupt' },
    { name: 'G25 a byte order of IM', bytes: mixed, ends: 'Corrupt' },
    { name: 'G25 TIFF version 44', bytes: version, ends: 'Corrupt' },
    { name: 'G25 the wrong byte order', bytes: swapped, ends: 'Corrupt' },
    {
      name: 'G25 a TIFF with a zip behind it',
      bytes: Buffer.concat([tiff, Buffer.from('PK\x03\x04')]),
      ends: 'pixels',
      samples: [1, 2, 3, 4],
    },
  );
  return out;
}

const jp2 = (): Buffer => Buffer.from(gdalSeeds['jp2Byte'] ?? '', 'base64');

/** A bare codestream: SIZ with these numbers, and nothing behind it but what is given. */
function codestream(
  siz: {
    width?: number;
    height?: number;
    left?: number;
    tile?: number;
    components?: number;
    depth?: number;
    step?: number;
  },
  rest: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const components = siz.components ?? 1;
  const bytes = Buffer.alloc(42 + 3 * components);
  bytes.writeUInt32BE(0xff4fff51, 0);
  bytes.writeUInt16BE(38 + 3 * components, 4);
  bytes.writeUInt32BE(siz.width ?? 64, 8);
  bytes.writeUInt32BE(siz.height ?? 64, 12);
  bytes.writeUInt32BE(siz.left ?? 0, 16);
  bytes.writeUInt32BE(siz.tile ?? 64, 24);
  bytes.writeUInt32BE(siz.tile ?? 64, 28);
  bytes.writeUInt16BE(components, 40);
  for (let at = 42; at < bytes.length; at += 3) bytes.set([siz.depth ?? 7, siz.step ?? 1, siz.step ?? 1], at);
  return Buffer.concat([bytes, rest]);
}

/** COD, QCD, one empty tile-part and the end: a lawful picture of nothing, whatever its size. */
const emptyTile = Buffer.from(
  `ff52000c000000010001040400 01ff5c00040000ff90000a0000000000000001ff93ffd9`.replaceAll(' ', ''),
  'hex',
);

function jpeg2000(): HostileFile[] {
  const out: HostileFile[] = [];
  const box = (name: string, at: number, value: number, ends: HostileFile['ends'] = 'Corrupt'): void => {
    const bytes = jp2();
    bytes.writeUInt32BE(value, at);
    out.push({ name: `G17 JP2 with ${name}`, bytes, ends });
  };
  const stream = jp2().indexOf('jp2c') - 4;
  const uuid = jp2().indexOf('uuid') - 4;
  const geo = uuid + 24;
  box('a box of 2^32 - 1 bytes', 12, 2 ** 32 - 1);
  box('a box of 7 bytes', 12, 7);
  box('a box of 2 bytes', stream, 2);
  box('a box of a 64-bit length', stream, 1);
  box('a codestream box that goes on to the end', stream, 0, 'pixels');
  box('a codestream that ends early', stream, 100);
  box('no codestream', stream + 4, 0x66726565);
  box('a UUID of nothing', uuid, 8, 'any');
  box('a GeoJP2 of another byte order', geo, 0x4d4d002a);
  box('a GeoJP2 that links past its end', geo + 4, 0xffffff7f);
  const boxes = Buffer.concat([
    jp2().subarray(0, 12),
    ...Array.from({ length: 2000 }, () => Buffer.from('00000008667265650', 'hex').subarray(0, 8)),
  ]);
  const nested = Buffer.concat([Buffer.from('0000010861736f63', 'hex'), Buffer.alloc(256)]);
  const gml = (text: string): Buffer => {
    const xml = Buffer.from(text);
    const outer = Buffer.alloc(16);
    outer.writeUInt32BE(16 + xml.length, 0);
    outer.write('asoc', 4);
    outer.writeUInt32BE(8 + xml.length, 8);
    outer.write('xml ', 12);
    return Buffer.concat([jp2().subarray(0, uuid), outer, xml, jp2().subarray(stream)]);
  };
  const half = 500_000;
  out.push(
    { name: 'G17 JP2 of 2000 boxes', bytes: boxes, ends: 'LimitExceeded' },
    {
      name: 'G17 JP2 with an association of zeros',
      bytes: Buffer.concat([jp2().subarray(0, uuid), nested, jp2().subarray(stream)]),
      ends: 'any',
    },
    { name: 'G26 GMLJP2 of open grids', bytes: gml('<RectifiedGrid>'.repeat(half / 15)), ends: 'any' },
    {
      name: 'G26 GMLJP2 of open names',
      bytes: gml(`<RectifiedGrid>${'<pos'.repeat(half / 4)}</RectifiedGrid>`),
      ends: 'any',
    },
    {
      name: 'G26 GMLJP2 of open vectors',
      bytes: gml(`<RectifiedGrid>${'<offsetVector'.repeat(half / 13)}</RectifiedGrid>`),
      ends: 'any',
    },
    { name: 'G26 GMLJP2 of one long name', bytes: gml(`<${'a'.repeat(half)}`), ends: 'any' },
    {
      name: 'G26 GMLJP2 of closed vectors',
      bytes: gml(`<RectifiedGrid>${'<offsetVector>1 2</offsetVector>'.repeat(half / 32)}</RectifiedGrid>`),
      ends: 'any',
    },
    {
      name: 'G26 GMLJP2 of srsNames',
      bytes: gml(`<RectifiedGrid>${'srsName="'.repeat(half / 9)}</RectifiedGrid>`),
      ends: 'any',
    },
    {
      name: 'G26 GMLJP2 of numbers',
      bytes: gml(`<RectifiedGrid><pos>${'1 '.repeat(half / 2)}</pos></RectifiedGrid>`),
      ends: 'any',
    },
    {
      name: 'G26 GMLJP2 of slashes',
      bytes: gml(`<RectifiedGrid srsName="EPSG${':'.repeat(half)}"></RectifiedGrid>`),
      ends: 'any',
    },
    {
      name: 'G26 GMLJP2 with an entity bomb',
      bytes: gml(
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><RectifiedGrid><pos>&b;</pos></RectifiedGrid>',
      ),
      ends: 'pixels',
    },
  );
  const code = (
    name: string,
    siz: Parameters<typeof codestream>[0],
    ends: HostileFile['ends'],
    rest?: Uint8Array,
  ): void => {
    out.push({ name: `G04 a codestream ${name}`, bytes: codestream(siz, rest), ends });
  };
  code('of 2^32 - 1 squared', { width: 2 ** 32 - 1, height: 2 ** 32 - 1 }, 'LimitExceeded');
  code('of no columns', { width: 0 }, 'Corrupt');
  code('whose left edge is right of its right edge', { left: 100 }, 'Corrupt');
  code('of 16,384 components', { components: 16_384 }, 'LimitExceeded');
  code('of no components', { components: 0 }, 'Corrupt');
  code('of 38 bits', { depth: 37 }, 'Unsupported');
  code('of subsampled components', { step: 2 }, 'Unsupported');
  code('of tiles of 0', { tile: 0 }, 'Corrupt');
  code('of 4096 tiles of a pixel', { tile: 1 }, 'any');
  code('of 16 million tiles', { width: 4096, height: 4096, tile: 1 }, 'LimitExceeded');
  code('of 65,025 tiles', { width: 255, height: 255, tile: 1 }, 'LimitExceeded');
  code(
    'of 65,025 tiles of 64 components',
    { width: 255, height: 255, tile: 1, components: 64 },
    'LimitExceeded',
  );
  code('that ends behind its size', {}, 'Corrupt');
  code(
    'of noise',
    {},
    'Corrupt',
    Uint8Array.from({ length: 4000 }, (_, at) => (at * 37) & 255),
  );
  code('of 255', {}, 'Corrupt', new Uint8Array(4000).fill(255));
  code('of an empty tile', {}, 'any', emptyTile);
  code('of an empty tile of 16 million pixels', { width: 4096, height: 4096, tile: 4096 }, 'any', emptyTile);
  code('of an empty tile of 40 million pixels', { width: 6400, height: 6400, tile: 6400 }, 'any', emptyTile);
  for (const [name, siz] of [
    ['COD', 0xff52],
    ['QCD', 0xff5c],
    ['SOT', 0xff90],
    ['SOD', 0xff93],
  ] as const) {
    for (const fill of [0, 255]) {
      const bytes = jp2();
      const at = bytes.indexOf(Buffer.from([siz >> 8, siz & 255]), stream);
      bytes.fill(fill, at + 4, at + 10);
      out.push({ name: `G17 JP2 whose ${name} is filled with ${fill}`, bytes, ends: 'any' });
    }
  }
  return out;
}

/** Files by their outside: other formats, and JPEG 2000's boxes and codestreams. */
export function hostileContainers(): HostileFile[] {
  return [...polyglots(), ...jpeg2000()];
}
