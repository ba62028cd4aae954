import { bell, fractal, hash2, smoothstep } from './noise.ts';
import { cover } from './spectra.ts';

/** What stays the same from date to date. All maps are row-major at 10 m. */
export interface Landscape {
  readonly width: number;
  readonly height: number;
  /** Values of `cover`. */
  readonly cover: Uint8Array;
  /** Per pixel vigour of plants, about 0.75 to 1.2: soil, slope and farming differ within and between fields. */
  readonly vigour: Float32Array;
  /** Brightness of bare ground, about 0.6 to 1.4. */
  readonly soil: Float32Array;
  /** Days by which a parcel is ahead of the calendar. */
  readonly lead: Int8Array;
}

const seed = 20;
/** Shares of crops by hash of the parcel: cumulative. */
const crops: readonly (readonly [number, number])[] = [
  [0.3, cover.wheat],
  [0.52, cover.maize],
  [0.66, cover.rapeseed],
  [0.84, cover.grass],
  [0.94, cover.beet],
  [1, cover.fallow],
];

/** Column of the river's middle at a row, in pixels. */
function riverX(y: number, width: number): number {
  return width * 0.36 + 110 * Math.sin(y / 173) + 46 * Math.sin(y / 61 + 1.3) + y * 0.12;
}

/** A parcel of a jittered, turned grid: long narrow strips near the river, blocks further away. */
function parcelAt(x: number, y: number, block: number): { id: number; edge: number } {
  // The farm block decides the direction and size of its parcels; hedges and lanes follow the same lines.
  const angle = 0.25 + 0.9 * hash2(block, 3, seed);
  const u = x * Math.cos(angle) + y * Math.sin(angle);
  const v = -x * Math.sin(angle) + y * Math.cos(angle);
  const long = 34 + 30 * hash2(block, 5, seed);
  const short = 13 + 14 * hash2(block, 7, seed);
  const column = Math.floor(u / long);
  const shifted = v + short * hash2(column, block, seed + 1);
  const row = Math.floor(shifted / short);
  const edgeU = Math.min(u / long - column, column + 1 - u / long) * long;
  const edgeV = Math.min(shifted / short - row, row + 1 - shifted / short) * short;
  return { id: Math.floor(hash2(column * 977 + row, block, seed + 2) * 1e9), edge: Math.min(edgeU, edgeV) };
}

function cropOf(parcel: number): number {
  const draw = hash2(parcel, 11, seed + 3);
  for (const [until, type] of crops) if (draw < until) return type;
  return cover.fallow;
}

/** A valley of about 12 km: a river, a lake, two woods, a town, and farmland. */
export function makeLandscape(width: number, height: number): Landscape {
  const pixels = width * height;
  const map: Landscape = {
    width,
    height,
    cover: new Uint8Array(pixels),
    vigour: new Float32Array(pixels),
    soil: new Float32Array(pixels),
    lead: new Int8Array(pixels),
  };
  const lake = { x: width * 0.68, y: height * 0.3, radius: width * 0.085 };
  const town = { x: width * 0.45, y: height * 0.62, radius: width * 0.06 };
  for (let y = 0; y < height; y++) {
    const river = riverX(y, width);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const rough = fractal(x / 90, y / 90, seed + 4, 4);
      const hills = fractal(x / 420, y / 420, seed + 5, 5) + Math.abs(x - river) / (width * 2.2);
      const block = Math.floor(fractal(x / 260 + 40, y / 260, seed + 6, 2) * 24);
      const parcel = parcelAt(x, y, block);
      let type = cropOf(parcel.id);
      if (parcel.edge < 0.9) type = cover.grass;
      if (hills > 0.7 + 0.08 * (rough - 0.5)) type = rough > 0.5 ? cover.conifer : cover.broadleaf;
      const fromTown = Math.hypot(x - town.x, (y - town.y) * 1.3) / town.radius;
      if (fromTown + 1.1 * (rough - 0.5) < 1)
        type = hash2(x >> 1, y >> 1, seed + 8) < 0.74 ? cover.town : cover.grass;
      const fromRiver = Math.abs(x - river);
      if (fromRiver < 11 + 9 * rough) type = cover.broadleaf;
      const fromLake = Math.hypot(x - lake.x, (y - lake.y) * 1.25) / lake.radius;
      const water = fromRiver < 3.2 + 2.4 * rough || fromLake + 0.9 * (rough - 0.5) < 1;
      if (water) type = cover.water;
      map.cover[i] = type;
      // Woods and water know no parcels: their texture is that of the ground.
      const farmed = type <= cover.fallow;
      const texture = fractal(x / 38, y / 38, seed + 9, 3) - 0.5;
      const own = (salt: number) => (farmed ? hash2(parcel.id, salt, seed) : 0.5);
      map.vigour[i] = 0.86 + 0.2 * own(17) + (farmed ? 0.22 : 0.42) * texture + 0.02 * bell(x, y, seed + 10);
      map.soil[i] = 0.72 + 0.45 * own(19) + 0.35 * (rough - 0.5) + 0.015 * bell(x, y, seed + 11);
      map.lead[i] = Math.round(14 * (own(23) - 0.5) + 6 * (smoothstep(0.3, 0.7, hills) - 0.5));
    }
  }
  return map;
}
