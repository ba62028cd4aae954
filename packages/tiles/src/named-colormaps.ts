import { rampTable, stopTable } from '@swath/raster/picture/colour';
import { isRampName, RAMPS, type Ramp } from '@swath/raster/picture/ramps';

/** Stops at equal distances. */
const even = (...hexes: readonly string[]): Ramp['stops'] =>
  hexes.map((hex, i) => [i / (hexes.length - 1), hex] as const);

/**
 * Ramps that people know by name, besides our own. `magma`, `inferno` and `plasma` (van der Walt and Smith, CC0) at nine
 * places; the others are the nine and eleven class schemes of ColorBrewer 2 (C. Brewer, M. Harrower, The Pennsylvania
 * State University, Apache-2.0). Between stops colours are mixed in OKLab, so they differ from matplotlib's by a shade.
 */
const borrowed: Readonly<Record<string, Ramp['stops']>> = {
  magma: even(
    '#000004',
    '#1d1147',
    '#51127c',
    '#832681',
    '#b73779',
    '#e75263',
    '#fc8961',
    '#fec488',
    '#fcfdbf',
  ),
  inferno: even(
    '#000004',
    '#210c4a',
    '#57106e',
    '#8a226a',
    '#bc3754',
    '#e45a31',
    '#f98e09',
    '#f9cb35',
    '#fcffa4',
  ),
  plasma: even(
    '#0d0887',
    '#4c02a1',
    '#7e03a8',
    '#aa2395',
    '#cc4778',
    '#e66c5c',
    '#f89540',
    '#fdc527',
    '#f0f921',
  ),
  blues: even(
    '#f7fbff',
    '#deebf7',
    '#c6dbef',
    '#9ecae1',
    '#6baed6',
    '#4292c6',
    '#2171b5',
    '#08519c',
    '#08306b',
  ),
  greens: even(
    '#f7fcf5',
    '#e5f5e0',
    '#c7e9c0',
    '#a1d99b',
    '#74c476',
    '#41ab5d',
    '#238b45',
    '#006d2c',
    '#00441b',
  ),
  reds: even(
    '#fff5f0',
    '#fee0d2',
    '#fcbba1',
    '#fc9272',
    '#fb6a4a',
    '#ef3b2c',
    '#cb181d',
    '#a50f15',
    '#67000d',
  ),
  ylgn: even(
    '#ffffe5',
    '#f7fcb9',
    '#d9f0a3',
    '#addd8e',
    '#78c679',
    '#41ab5d',
    '#238443',
    '#006837',
    '#004529',
  ),
  ylorrd: even(
    '#ffffcc',
    '#ffeda0',
    '#fed976',
    '#feb24c',
    '#fd8d3c',
    '#fc4e2a',
    '#e31a1c',
    '#bd0026',
    '#800026',
  ),
  rdylgn: even(
    ...['#a50026', '#d73027', '#f46d43', '#fdae61', '#fee08b', '#ffffbf'],
    ...['#d9ef8b', '#a6d96a', '#66bd63', '#1a9850', '#006837'],
  ),
  rdbu: even(
    ...['#67001f', '#b2182b', '#d6604d', '#f4a582', '#fddbc7', '#f7f7f7'],
    ...['#d1e5f0', '#92c5de', '#4393c3', '#2166ac', '#053061'],
  ),
  spectral: even(
    ...['#9e0142', '#d53e4f', '#f46d43', '#fdae61', '#fee08b', '#ffffbf'],
    ...['#e6f598', '#abdda4', '#66c2a5', '#3288bd', '#5e4fa2'],
  ),
};

/** Other spellings that clients send. */
const synonyms: Readonly<Record<string, string>> = { gray: 'greys', grey: 'greys', grays: 'greys' };

/** All names, each also with `_r` for the other direction. */
export const colormapNames: readonly string[] = [...Object.keys(RAMPS), ...Object.keys(borrowed)];

const tables = new Map<string, Uint8Array>();

/** 256 RGB triples, low values first; undefined when there is no such name. Case does not matter. */
export function namedTable(given: string): Uint8Array | undefined {
  const lower = given.toLowerCase();
  const reversed = lower.endsWith('_r');
  const plain = reversed ? lower.slice(0, -2) : lower;
  const name = Object.hasOwn(synonyms, plain) ? synonyms[plain]! : plain;
  const key = reversed ? `${name}_r` : name;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const forward = isRampName(name)
    ? rampTable(name)
    : Object.hasOwn(borrowed, name)
      ? stopTable(borrowed[name]!)
      : undefined;
  if (forward === undefined) return undefined;
  const table = reversed ? backwards(forward) : forward;
  // At most two tables a name.
  tables.set(key, table);
  return table;
}

function backwards(table: Uint8Array): Uint8Array {
  const out = new Uint8Array(table.length);
  for (let i = 0; i < table.length; i += 3) out.set(table.subarray(i, i + 3), table.length - 3 - i);
  return out;
}
