import { MAX_GEOKEYS } from '../limits.ts';
import { corrupt, type Ifd, type TiffFile } from './ifd.ts';
import { tagDoubles, tagIntegers, tagText } from './values.ts';

/** GeoKeys by id: a short, a list of doubles, or text (GeoTIFF 1.1, section 7). */
export interface GeoKeys {
  short(key: number): number | undefined;
  doubles(key: number): readonly number[] | undefined;
  text(key: number): string | undefined;
}

/** Ids of the keys we read (GeoTIFF 1.1, Annex D). */
export const KEY = {
  GTModelType: 1024,
  GTRasterType: 1025,
  GTCitation: 1026,
  GeodeticCRS: 2048,
  GeodeticCitation: 2049,
  GeodeticDatum: 2050,
  PrimeMeridian: 2051,
  GeogAngularUnits: 2054,
  Ellipsoid: 2056,
  EllipsoidSemiMajorAxis: 2057,
  EllipsoidSemiMinorAxis: 2058,
  EllipsoidInvFlattening: 2059,
  PrimeMeridianLongitude: 2061,
  ToWgs84: 2062,
  ProjectedCRS: 3072,
  ProjectedCitation: 3073,
  Projection: 3074,
  ProjMethod: 3075,
  ProjLinearUnits: 3076,
  ProjLinearUnitSize: 3077,
  ProjStdParallel1: 3078,
  ProjStdParallel2: 3079,
  ProjNatOriginLong: 3080,
  ProjNatOriginLat: 3081,
  ProjFalseEasting: 3082,
  ProjFalseNorthing: 3083,
  ProjFalseOriginLong: 3084,
  ProjFalseOriginLat: 3085,
  ProjFalseOriginEasting: 3086,
  ProjFalseOriginNorthing: 3087,
  ProjCenterLong: 3088,
  ProjCenterLat: 3089,
  ProjScaleAtNatOrigin: 3092,
  ProjScaleAtCenter: 3093,
  ProjStraightVertPoleLong: 3095,
} as const;

export const USER_DEFINED = 32767;

/**
 * Reads the key directory: a header (version 1, revision, minor, count) and four shorts per key.
 * Keys that lie outside the file's arrays are Corrupt.
 */
export async function readGeoKeys(file: TiffFile, ifd: Ifd): Promise<GeoKeys | undefined> {
  const directory = await tagIntegers(file, ifd, 'GeoKeyDirectory', 4 * MAX_GEOKEYS + 4);
  if (directory === undefined) return undefined;
  const doubles = (await tagDoubles(file, ifd, 'GeoDoubleParams')) ?? [];
  const ascii = (await tagText(file, ifd, 'GeoAsciiParams')) ?? '';
  return parseGeoKeys(directory, doubles, ascii, file.source.name);
}

export function parseGeoKeys(
  directory: ArrayLike<number>,
  doubles: readonly number[],
  ascii: string,
  name: string,
): GeoKeys {
  const count = directory[3] ?? 0;
  if (directory.length < 4 + 4 * count) {
    throw corrupt(
      name,
      `GeoKeyDirectory claims ${count} keys, it has room for ${Math.floor((directory.length - 4) / 4)}`,
    );
  }
  const shorts = new Map<number, number>();
  const lists = new Map<number, readonly number[]>();
  const texts = new Map<number, string>();
  for (let index = 0; index < count; index++) {
    const at = 4 + 4 * index;
    const key = directory[at] ?? 0;
    const location = directory[at + 1];
    const length = directory[at + 2] ?? 0;
    const value = directory[at + 3] ?? 0;
    if (location === 0) {
      shorts.set(key, value);
    } else if (location === 34736) {
      if (value + length > doubles.length) {
        throw corrupt(
          name,
          `GeoKey ${key} needs doubles ${value} to ${value + length}, there are ${doubles.length}`,
        );
      }
      lists.set(key, doubles.slice(value, value + length));
    } else if (location === 34737) {
      texts.set(key, ascii.slice(value, value + length).replace(/[|\0]+$/, ''));
    } else if (location === 34735 && length > 0) {
      const short = directory[value];
      if (short === undefined) {
        throw corrupt(name, `GeoKey ${key} points at short ${value}, there are ${directory.length}`);
      }
      shorts.set(key, short);
    }
  }
  return {
    short: (key) => shorts.get(key),
    doubles: (key) => lists.get(key),
    text: (key) => texts.get(key),
  };
}
