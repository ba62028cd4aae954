import { createRequire } from 'node:module';
import type proj4List from 'proj4-list';

/** Codes in use by imagery that are younger than the list. Parameters from the EPSG dataset v11. */
const younger: ReadonlyMap<number, string> = new Map([
  [7844, '+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0'],
  [8857, '+proj=eqearth +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m'],
  [9311, '+proj=laea +lat_0=45 +lon_0=-100 +x_0=0 +y_0=0 +a=6370997 +b=6370997 +units=m'],
  [
    9473,
    '+proj=aea +lat_0=0 +lon_0=132 +lat_1=-18 +lat_2=-36 +x_0=0 +y_0=0 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m',
  ],
  // GDA2020 / MGA zones 46 to 59 are 7846 to 7859.
  ...Array.from({ length: 14 }, (_, i): [number, string] => [
    7846 + i,
    `+proj=utm +zone=${46 + i} +south +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m`,
  ]),
]);

/** What most imagery is in, word for word as in the list, so that a process that meets nothing else never opens it. */
const common: ReadonlyMap<number, string> = new Map([
  [4326, '+proj=longlat +datum=WGS84 +no_defs '],
  [
    3857,
    '+proj=merc +a=6378137 +b=6378137 +lat_ts=0.0 +lon_0=0.0 +x_0=0.0 +y_0=0 +k=1.0 +units=m +nadgrids=@null +wktext  +no_defs',
  ],
  ...Array.from({ length: 60 }, (_, i) => i + 1).flatMap((zone): [number, string][] => [
    [32600 + zone, `+proj=utm +zone=${zone} +datum=WGS84 +units=m +no_defs `],
    [32700 + zone, `+proj=utm +zone=${zone} +south +datum=WGS84 +units=m +no_defs `],
  ]),
]);

let list: typeof proj4List | undefined;

/** By `require`, which leaves it out of bundles, and works in the middle of a synchronous call. */
function openList(): typeof proj4List {
  return createRequire(import.meta.url)('proj4-list');
}

/** 5,400 codes; 0.8 MB of JavaScript that takes 9 ms of CPU, so it is opened by the first code that is not common. */
export function listedDefinition(code: number): string | undefined {
  list ??= openList();
  return list[`EPSG:${code}`]?.[1];
}

/** The definition of an EPSG code in PROJ's words, x before y; undefined when nobody here knows the code. */
export function epsgDefinition(code: number): string | undefined {
  return common.get(code) ?? younger.get(code) ?? listedDefinition(code);
}
