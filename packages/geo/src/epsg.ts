import proj4List from 'proj4-list';

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

/** The definition of an EPSG code in PROJ's words, x before y; undefined when nobody here knows the code. */
export function epsgDefinition(code: number): string | undefined {
  return younger.get(code) ?? proj4List[`EPSG:${code}`]?.[1];
}
