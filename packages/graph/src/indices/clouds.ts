import type { IndexRow } from './spectral-index.ts';

/** Clouds. Formulas as the Awesome Spectral Indices list them, in STAC's band names. */
export const cloudsIndices: readonly IndexRow[] = [
  [
    'CI1SWIR',
    'Cloud Index Form 1 with SWIR 1',
    '(nir + 2 * swir16) / (blue + green + red)',
    'https://doi.org/10.1016/j.isprsjprs.2018.07.006',
  ],
  [
    'CI1woSWIR',
    'Cloud Index Form 1 without SWIR bands',
    '3 * nir / (blue + green + red)',
    'https://doi.org/10.1016/j.isprsjprs.2018.07.006',
  ],
  [
    'CI2SWIR',
    'Cloud Index Form 2 with SWIR bands',
    '(blue + green + red + nir + swir16 + swir22) / 6',
    'https://doi.org/10.1016/j.isprsjprs.2018.07.006',
  ],
  [
    'CI2woSWIR',
    'Cloud Index Form 2 without SWIR bands',
    '(blue + green + red + nir) / 4',
    'https://doi.org/10.1016/j.isprsjprs.2018.07.006',
  ],
  [
    'CLOSDI',
    'Cloud Shadow Detection Index',
    '(1 - 1.5 * nir - 0.1 * red) / (1 + 3.5 * nir + 4.9 * red)',
    'https://doi.org/10.1016/j.rsase.2026.101990',
  ],
  [
    'CSISWIR',
    'Cloud Shadow Index with SWIR 1',
    '(nir + swir16) / 2',
    'https://doi.org/10.1016/j.isprsjprs.2018.07.006',
  ],
  [
    'CSIwoSWIR',
    'Cloud Shadow Index without SWIR bands',
    'nir',
    'https://doi.org/10.1016/j.isprsjprs.2018.07.006',
  ],
];
