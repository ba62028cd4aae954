import type { IndexRow } from './spectral-index.ts';

/** Snow and ice. Formulas as the Awesome Spectral Indices list them, in STAC's band names. */
export const snowIndices: readonly IndexRow[] = [
  [
    'NBSIMS',
    'Non-Binary Snow Index for Multi-Component Surfaces',
    '0.36 * (green + red + nir) - ((blue + swir22) / green + swir16)',
    'https://doi.org/10.3390/rs13142777',
  ],
  [
    'NDGlaI',
    'Normalized Difference Glacier Index',
    '(green - red) / (green + red)',
    'https://doi.org/10.1080/01431160802385459',
  ],
  [
    'NDSI',
    'Normalized difference snow index: above 0.4 is mostly snow',
    '(green - swir16) / (green + swir16)',
    'https://doi.org/10.1109/IGARSS.1994.399618',
    { range: [-0.6, 1] },
  ],
  [
    'NDSII',
    'Normalized Difference Snow Ice Index',
    '(green - nir) / (green + nir)',
    'https://doi.org/10.1080/01431160802385459',
  ],
  [
    'NDSIITM',
    'Normalized Difference Snow/Ice Index for Landsat TM',
    '(red - swir16) / (red + swir16)',
    'https://doi.org/10.1080/01431160119766',
  ],
  [
    'NDSInw',
    'Normalized Difference Snow Index with no Water',
    '(nir - swir16 - beta) / (nir + swir16)',
    'https://doi.org/10.3390/w12051339',
  ],
  [
    'NDSaII',
    'Normalized Difference Snow and Ice Index',
    '(red - swir16) / (red + swir16)',
    'https://doi.org/10.1080/01431160119766',
  ],
  [
    'S3',
    'Snow under trees',
    'nir * (red - swir16) / ((nir + red) * (nir + swir16))',
    'https://doi.org/10.3178/jjshwr.12.28',
    { range: [-0.3, 0.4] },
  ],
  [
    'SWI',
    'Snow against water',
    'green * (nir - swir16) / ((green + nir) * (nir + swir16))',
    'https://doi.org/10.3390/rs11232774',
    { range: [-0.3, 0.5] },
  ],
];
