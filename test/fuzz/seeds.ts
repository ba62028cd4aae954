import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateSync, zstdCompressSync } from 'node:zlib';
import { sharedPath } from '../support/shared.ts';
import { lzw, packbits } from './encoders.ts';
import { gdalSeeds } from './gdal-seeds.ts';
import { type BuilderTag, buildTiff, imageTags } from './tiff-builder.ts';

/** A right file that mutants are made of. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const GEO: readonly BuilderTag[] = [
  { tag: 33550, type: 12, values: [10, 10, 0] },
  { tag: 33922, type: 12, values: [0, 0, 0, 500_000, 6_000_000, 0] },
  { tag: 34735, type: 3, values: [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632] },
  { tag: 42113, type: 2, values: '7\0' },
  {
    tag: 42112,
    type: 2,
    values:
      '<GDALMetadata><Item name="SCALE" sample="0" role="scale">0.5</Item><Item name="OFFSET" sample="0" role="offset">-1</Item></GDALMetadata>\0',
  },
];

const packers: Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>> = {
  1: (bytes) => bytes,
  5: lzw,
  8: (bytes) => deflateSync(bytes),
  32773: packbits,
  // With a checksum: what a damaged frame without one decodes to is open.
  50000: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
};

/** Bytes that look like an image: slow ramps, so that predictors and codecs have something to do. */
const ramp = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 3)) & 255);

interface Plan {
  readonly compression: number;
  readonly bits: number;
  readonly format: number;
  readonly samples: number;
  readonly predictor: number;
  readonly planar: 1 | 2;
  readonly tiled: boolean;
  readonly order: 'little' | 'big';
  readonly bigTiff: boolean;
}

function planned(plan: Plan): Seed {
  const { compression, bits, format, samples, tiled, planar } = plan;
  const [width, height] = [20, 18];
  const [blockWidth, blockHeight] = tiled ? [16, 16] : [width, 7];
  const down = Math.ceil(height / blockHeight);
  const blocks = Math.ceil(width / blockWidth) * down;
  const planes = planar === 2 ? samples : 1;
  const pack = packers[compression] ?? packers[1];
  const data = Array.from({ length: blocks * planes }, (_, index) => {
    const rows = tiled ? blockHeight : Math.min(blockHeight, height - (index % down) * blockHeight);
    const rowBytes = Math.ceil((blockWidth * bits * (planar === 2 ? 1 : samples)) / 8);
    return pack?.(ramp(rows * rowBytes)) ?? new Uint8Array(0);
  });
  const more: BuilderTag[] = [
    { tag: 284, type: 3, values: [planar] },
    { tag: 339, type: 3, values: Array.from({ length: samples }, () => format) },
    ...(plan.predictor === 1 ? [] : [{ tag: 317, type: 3, values: [plan.predictor] }]),
    ...(samples === 2 || samples === 4 ? [{ tag: 338, type: 3, values: [2] }] : []),
    ...GEO,
  ];
  const shape = { width, height, bits, samples, compression };
  const tags = imageTags(
    tiled ? { ...shape, tile: [blockWidth, blockHeight] } : { ...shape, rows: blockHeight },
    more,
  );
  const overview = {
    tags: imageTags({ width: 10, height: 9, bits, samples, rows: 9 }, [
      { tag: 254, type: 4, values: [1] },
      { tag: 339, type: 3, values: Array.from({ length: samples }, () => format) },
    ]),
    blocks: [ramp(9 * Math.ceil((10 * bits * samples) / 8))],
  };
  const mask = {
    tags: imageTags({ width, height, bits: 1 }, [
      { tag: 254, type: 4, values: [4] },
      { tag: 262, type: 3, values: [4] },
    ]),
    blocks: [ramp(Math.ceil(width / 8) * height)],
  };
  const bytes = buildTiff([{ tags, blocks: data, ...(tiled ? { tiled } : {}) }, overview, mask], {
    order: plan.order,
    ...(plan.bigTiff ? { bigTiff: true } : {}),
  });
  const words = [
    `c${compression}`,
    `${bits}b`,
    `f${format}`,
    `${samples}s`,
    `p${plan.predictor}`,
    planar === 2 ? 'planar' : 'chunky',
    tiled ? 'tiles' : 'strips',
    plan.order,
    plan.bigTiff ? 'big' : 'classic',
  ];
  return { name: words.join('-'), bytes };
}

/** Layouts that between them hold every codec of ours, bit width, predictor, byte order, plane order and flavour. */
function ownSeeds(): Seed[] {
  const depths: readonly (readonly [bits: number, format: number])[] = [
    [8, 1],
    [16, 1],
    [32, 3],
    [1, 1],
    [12, 1],
    [16, 2],
    [64, 3],
    [16, 3],
    [64, 1],
    [4, 1],
    [24, 1],
    [32, 2],
  ];
  const codes = [1, 5, 8, 32773, 50000];
  return depths.flatMap(([bits, format], depth) =>
    codes.map((compression, code) => {
      const turn = depth * codes.length + code;
      const whole = [8, 16, 32, 64].includes(bits) && compression !== 1 && compression !== 32773;
      return planned({
        compression,
        bits,
        format,
        samples: [1, 3, 2, 4][turn % 4] ?? 1,
        predictor: whole ? (format === 3 ? (turn % 2) + 2 : turn % 3 === 0 ? 1 : 2) : 1,
        planar: turn % 3 === 1 ? 2 : 1,
        tiled: turn % 2 === 0,
        order: turn % 5 < 2 ? 'big' : 'little',
        bigTiff: turn % 4 === 3,
      });
    }),
  );
}

/** Small files of the shared data: at most this many bytes, because most mutants are of headers. */
const SHARED_MAX_BYTES = 6000;

function sharedSeeds(): Seed[] {
  const root = sharedPath('data/03-imagery');
  if (root === undefined) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tiff?|jp2)$/i.test(file))
    .sort()
    .map((file) => join(root, file))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= SHARED_MAX_BYTES)
    .map((path) => ({ name: path.slice(root.length + 1), bytes: new Uint8Array(readFileSync(path)) }));
}

/** All seeds: ours, those GDAL wrote, and the small shared files where they are. */
export function allSeeds(): Seed[] {
  const written = Object.entries(gdalSeeds).map(([name, text]) => ({
    name,
    bytes: new Uint8Array(Buffer.from(text, 'base64')),
  }));
  return [...ownSeeds(), ...written, ...sharedSeeds()];
}
