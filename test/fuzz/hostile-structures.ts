import { hostileChains } from './hostile-chains.ts';
import type { HostileFile } from './hostile-files.ts';
import { firstIfd, grey, PIXELS, tag } from './hostile-parts.ts';
import { type BuilderImage, type BuilderTag, buildTiff, imageTags } from './tiff-builder.ts';

const SHORT = 3;
const LONG = 4;
function sizesAndCounts(): HostileFile[] {
  const out: HostileFile[] = [];
  const one = (name: string, ends: HostileFile['ends'], ...tags: BuilderTag[]): void => {
    out.push({ name, bytes: buildTiff([grey(...tags)]), ends });
    out.push({
      name: `${name}, BigTIFF`,
      bytes: buildTiff([grey(...tags)], { bigTiff: true, order: 'big' }),
      ends,
    });
  };
  one('G04 a width of 2^31', 'LimitExceeded', tag(256, LONG, 2 ** 31));
  one(
    'G04 a width and height of 2^32 - 1',
    'LimitExceeded',
    tag(256, LONG, 2 ** 32 - 1),
    tag(257, LONG, 2 ** 32 - 1),
  );
  one(
    'G04 2^31 - 1 squared in one strip',
    'LimitExceeded',
    tag(256, LONG, 2 ** 31 - 1),
    tag(257, LONG, 2 ** 31 - 1),
  );
  one(
    'G04 2^31 - 1 squared in strips of a row',
    'LimitExceeded',
    tag(256, LONG, 2 ** 31 - 1),
    tag(257, LONG, 2 ** 31 - 1),
    tag(278, LONG, 1),
  );
  one('G04 a width that is negative', 'Corrupt', tag(256, 9, -4));
  one('G04 a width of 2^63', 'Corrupt', { tag: 256, type: 16, values: [2n ** 63n] });
  one('G05 a tile of 100,000 squared', 'LimitExceeded', tag(322, LONG, 100_000), tag(323, LONG, 100_000));
  one(
    'G05 a tile of 2^32 - 1 squared',
    'LimitExceeded',
    tag(322, LONG, 2 ** 32 - 1),
    tag(323, LONG, 2 ** 32 - 1),
  );
  one(
    'G05 10^12 tiles of one pixel',
    'LimitExceeded',
    tag(256, LONG, 1_000_000),
    tag(257, LONG, 1_000_000),
    tag(322, LONG, 1),
    tag(323, LONG, 1),
  );
  one('G10 2^31 strip offsets', 'Corrupt', { tag: 273, type: LONG, values: [8], count: 2 ** 31 });
  one('G10 no strip offset', 'Corrupt', { tag: 273, type: LONG, values: [], count: 0 });
  one('G10 fewer offsets than strips', 'Corrupt', tag(257, LONG, 9), tag(278, LONG, 1));
  one('G11 no rows per strip', 'Corrupt', tag(278, LONG, 0));
  one('G11 a tile of no width', 'Corrupt', tag(322, LONG, 0), tag(323, LONG, 16));
  one('G11 a tile of no height', 'Corrupt', tag(322, LONG, 16), tag(323, LONG, 0));
  one('G11 a width of 0', 'Corrupt', tag(256, LONG, 0));
  one('G11 a height of 0', 'Corrupt', tag(257, LONG, 0));
  one('G11 0 bits', 'Corrupt', tag(258, SHORT, 0));
  one('G11 0 samples', 'Corrupt', tag(277, SHORT, 0));
  one('G12 65,535 samples', 'LimitExceeded', tag(277, SHORT, 65_535));
  one('G12 2 depths for 3 samples', 'Corrupt', tag(277, SHORT, 3), tag(258, SHORT, 8, 8));
  one(
    'G12 2 formats for 3 samples',
    'Corrupt',
    tag(277, SHORT, 3),
    tag(258, SHORT, 8, 8, 8),
    tag(339, SHORT, 1, 1),
  );
  one('G12 a million depths', 'Corrupt', { tag: 258, type: SHORT, values: [8], count: 1_000_000 });
  one('G12 samples of different depth', 'Unsupported', tag(277, SHORT, 2), tag(258, SHORT, 8, 16));
  one('G18 predictor 2 on 4 bits', 'Unsupported', tag(258, SHORT, 4), tag(259, SHORT, 8), tag(317, SHORT, 2));
  one(
    'G18 predictor 3 on integers',
    'Unsupported',
    tag(258, SHORT, 16),
    tag(259, SHORT, 8),
    tag(317, SHORT, 3),
  );
  one('G18 predictor 3 on bytes with LZW', 'Unsupported', tag(259, SHORT, 5), tag(317, SHORT, 3));
  one('G18 predictor 0', 'Corrupt', tag(259, SHORT, 8), tag(317, SHORT, 0));
  one('G18 predictor 34892', 'Corrupt', tag(259, SHORT, 8), tag(317, SHORT, 34_892));
  for (const [bits, format] of [
    [7, 2],
    [24, 3],
    [128, 1],
    [3, 3],
    [65_535, 1],
    [33, 1],
    [8, 9],
  ] as const) {
    one(
      `G19 ${bits}-bit samples of format ${format}`,
      'Unsupported',
      tag(258, SHORT, bits),
      tag(339, SHORT, format),
    );
  }
  for (const code of [2, 3, 4, 6, 34_661, 34_925, 50_002, 4711]) {
    one(`G19 compression ${code}`, 'Unsupported', tag(259, SHORT, code));
  }
  out.push({
    name: 'G19 24-bit samples in a big-endian file',
    bytes: buildTiff([grey(tag(258, SHORT, 24))], { order: 'big' }),
    ends: 'Unsupported',
  });
  one('G19 a planar configuration of 3', 'Corrupt', tag(284, SHORT, 3));
  one('G19 Lab colours', 'Unsupported', tag(262, SHORT, 8));
  return out;
}

function places(): HostileFile[] {
  const out: HostileFile[] = [];
  const placed = (name: string, ends: HostileFile['ends'], offset: number, count: number): void => {
    const image = { ...grey(), offsets: [offset], counts: [count] };
    out.push({ name, bytes: buildTiff([image]), ends });
    out.push({ name: `${name}, BigTIFF`, bytes: buildTiff([image], { bigTiff: true }), ends });
  };
  placed('G09 a strip past the end', 'Corrupt', 1_000_000, 8);
  placed('G09 a strip that begins inside and ends outside', 'any', 200, 4096);
  placed('G09 a strip of 2^32 - 1 bytes', 'any', 16, 2 ** 32 - 1);
  placed('G09 a strip at 2^32 - 1', 'Corrupt', 2 ** 32 - 1, 8);
  placed('G09 bytes at offset 0', 'Corrupt', 0, 8);
  placed('G09 a place without bytes', 'Corrupt', 8, 0);
  placed('G09 a strip that overlaps the header', 'any', 1, 8);
  placed('G07 a strip of 7 bytes for 8 pixels', 'Corrupt', 16, 7);
  const two = {
    tags: imageTags({ width: 4, height: 2, rows: 1 }),
    blocks: [PIXELS],
    offsets: [16, 16],
    counts: [4, 4],
  };
  out.push({
    name: 'G09 two strips at one place',
    bytes: buildTiff([two], { bigTiff: true }),
    ends: 'pixels',
    samples: [1, 2, 3, 4, 1, 2, 3, 4],
  });
  for (const [what, at] of [
    ['2^53 + 1', 2n ** 53n + 1n],
    ['2^63', 2n ** 63n],
    ['2^64 - 1', 2n ** 64n - 1n],
  ] as const) {
    const header = new Uint8Array(64);
    header.set([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
    new DataView(header.buffer).setBigUint64(8, at, true);
    out.push({ name: `G13 a first IFD at ${what}`, bytes: header, ends: 'Corrupt' });
    const strip = {
      tags: [...imageTags({ width: 4, height: 2 }), { tag: 273, type: 16, values: [at] }, tag(279, LONG, 8)],
    };
    out.push({
      name: `G13 a strip at ${what}`,
      bytes: buildTiff([strip], { bigTiff: true }),
      ends: 'Corrupt',
    });
    const count = {
      tags: [...imageTags({ width: 4, height: 2 }), tag(273, LONG, 16), { tag: 279, type: 16, values: [at] }],
    };
    out.push({
      name: `G13 a strip of ${what} bytes`,
      bytes: buildTiff([count], { bigTiff: true }),
      ends: 'Corrupt',
    });
    const sixteen = new Uint8Array(buildTiff([grey()], { bigTiff: true }));
    const view = new DataView(sixteen.buffer);
    view.setBigUint64(Number(view.getBigUint64(8, true)), at, true);
    out.push({ name: `G13 an entry count of ${what}`, bytes: sixteen, ends: 'Corrupt' });
  }
  const halfOffsets = buildTiff([grey()], { bigTiff: true });
  halfOffsets[4] = 4;
  out.push({ name: 'G13 BigTIFF with offsets of 4 bytes', bytes: halfOffsets, ends: 'Corrupt' });
  const sparse = {
    tags: imageTags({ width: 4, height: 2, rows: 1 }, [{ tag: 42113, type: 2, values: '7\0' }]),
    blocks: [Uint8Array.of(1, 2, 3, 4), new Uint8Array(0)],
  };
  out.push({
    name: 'G20 a sparse strip',
    bytes: buildTiff([sparse]),
    ends: 'pixels',
    samples: [1, 2, 3, 4, 7, 7, 7, 7],
  });
  const allSparse = {
    tags: imageTags({ width: 2 ** 20, height: 2 ** 18, tile: [512, 512] }),
    offsets: [],
    counts: [],
  };
  const none = {
    ...allSparse,
    tags: [
      ...allSparse.tags,
      { tag: 324, type: LONG, values: [0], count: 2 ** 20 },
      { tag: 325, type: LONG, values: [0], count: 2 ** 20 },
    ],
  };
  out.push({
    name: 'G20 a million sparse tiles that the file does not list',
    bytes: buildTiff([none]),
    ends: 'Corrupt',
  });
  return out;
}

function levels(): HostileFile[] {
  const out: HostileFile[] = [];
  const withOverview = (name: string, image: BuilderImage): void => {
    out.push({ name, bytes: buildTiff([grey(), image]), ends: 'pixels', samples: [1, 2, 3, 4, 5, 6, 7, 8] });
  };
  const overview = (...tags: BuilderTag[]): BuilderImage => grey(tag(254, LONG, 1), ...tags);
  withOverview('G22 an overview as large as the image', overview());
  withOverview('G22 an overview larger than the image', overview(tag(256, LONG, 8)));
  withOverview('G22 an overview of 2^31 pixels', overview(tag(256, LONG, 2 ** 31)));
  withOverview(
    'G22 an overview with two bands',
    overview(tag(256, LONG, 2), tag(277, SHORT, 2), tag(258, SHORT, 8, 8)),
  );
  withOverview('G22 an overview of another type', overview(tag(256, LONG, 2), tag(258, SHORT, 16)));
  withOverview('G22 an overview of another shape', overview(tag(256, LONG, 1)));
  withOverview('G21 a mask of another size', grey(tag(254, LONG, 4), tag(256, LONG, 3)));
  withOverview('G21 a mask of 16 bits', grey(tag(254, LONG, 4), tag(258, SHORT, 16)));
  const ghost = (leader: string): string =>
    `GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\nLAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\n${leader}\nKNOWN_INCOMPATIBLE_EDITION=NO\n `;
  for (const leader of [
    'BLOCK_LEADER=SIZE_AS_UINT4',
    'BLOCK_LEADER=SIZE_AS_UINT9999',
    'BLOCK_TRAILER=LAST_4_BYTES_REPEATED',
    'MASK_INTERLEAVED_WITH_IMAGERY=YES',
  ]) {
    out.push({
      name: `G23 a ghost header that lies: ${leader}`,
      bytes: buildTiff([grey()], { ghost: ghost(leader) }),
      ends: 'pixels',
      samples: [1, 2, 3, 4],
    });
  }
  return out;
}

function tags(): HostileFile[] {
  const out: HostileFile[] = [];
  const standard = imageTags({ width: 4, height: 2 });
  for (const type of [0, 2, 5, 10, 11, 12, 14, 255, 65_535]) {
    for (const number of [256, 258, 273]) {
      const values = type === 2 ? 'abc\0' : type === 5 || type === 10 || type === 12 ? [4, 1] : [4];
      const image = grey({ tag: number, type, values: values as number[], count: 1 });
      const own = {
        ...image,
        tags: image.tags.filter((one, at, all) => all.findIndex((other) => other.tag === one.tag) === at),
      };
      out.push({ name: `G24 tag ${number} of field type ${type}`, bytes: buildTiff([own]), ends: 'any' });
    }
  }
  out.push(
    {
      name: 'G24 tags in falling order',
      bytes: buildTiff([
        { tags: [tag(279, LONG, 8), tag(273, LONG, 8), ...standard.toReversed()], unsorted: true },
      ]),
      ends: 'pixels',
    },
    {
      name: 'G24 two widths, the second huge',
      bytes: buildTiff([grey(tag(256, LONG, 4), tag(256, LONG, 2 ** 31))]),
      ends: 'pixels',
      samples: [1, 2, 3, 4],
    },
    {
      name: 'G24 4096 private tags',
      bytes: buildTiff([grey(...Array.from({ length: 4000 }, (_, at) => tag(50_800 + at, LONG, at)))]),
      ends: 'pixels',
      samples: [1, 2, 3, 4],
    },
    {
      name: 'G24 a private tag of 2^32 - 1 doubles',
      bytes: buildTiff([grey({ tag: 60_000, type: 12, values: [1], count: 2 ** 32 - 1 })]),
      ends: 'pixels',
      samples: [1, 2, 3, 4],
    },
    {
      name: 'G24 nodata without NUL',
      bytes: buildTiff([grey({ tag: 42113, type: 2, values: '3.000000' })]),
      ends: 'pixels',
    },
  );
  for (const gone of [256, 257, 273, 279]) {
    const image = grey();
    const kept = buildTiff([image]);
    const view = new DataView(kept.buffer, kept.byteOffset);
    const at = firstIfd(kept);
    for (let entry = at + 2; entry < at + 2 + 12 * view.getUint16(at, true); entry += 12) {
      if (view.getUint16(entry, true) === gone) view.setUint16(entry, 65_000, true);
    }
    out.push({ name: `G24 without tag ${gone}`, bytes: kept, ends: gone === 279 ? 'pixels' : 'Corrupt' });
  }
  return out;
}

function odd(): HostileFile[] {
  const floats = (name: string, width: number, values: readonly number[]): HostileFile => {
    const height = values.length / width;
    const tags = imageTags({ width, height, bits: 32 }, [tag(339, SHORT, 3)]);
    const blocks = [new Uint8Array(Float32Array.from(values).buffer)];
    return { name: `G27 ${name}`, bytes: buildTiff([{ tags, blocks }]), ends: 'pixels', samples: values };
  };
  return [
    floats('an image of denormals', 2, [2 ** -149, -(2 ** -149), 2 ** -127, 0]),
    floats('an image of one pixel', 1, [3.5]),
    floats('an image of one column', 1, [1, 2, 3, 4]),
    floats('an image of one row', 4, [1, 2, 3, 4]),
    floats('an image of the largest floats', 2, [3.4028234663852886e38, -3.4028234663852886e38]),
    // JSON has no NaN and no infinities: that they pass is the unit tests' to show.
    { ...floats('an image of NaN', 2, [Number.NaN, Number.NaN]), samples: [] },
    { ...floats('an image of infinities and -0', 2, [Infinity, -Infinity, -0, Number.NaN]), samples: [] },
  ];
}

/** Chains, sizes, places, levels and tags that lie. */
export function hostileStructures(): HostileFile[] {
  return [...hostileChains(), ...sizesAndCounts(), ...places(), ...levels(), ...tags(), ...odd()];
}
