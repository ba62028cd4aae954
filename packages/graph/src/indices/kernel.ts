import type { IndexRow } from './spectral-index.ts';

/** Kernel indices of vegetation: each kernel is a Gaussian of the normalized difference. Formulas as the Awesome Spectral Indices list them, in STAC's band names. */
export const kernelIndices: readonly IndexRow[] = [
  [
    'kEVI',
    'Kernel Enhanced Vegetation Index',
    'g * (1 - exp(-2 * ((nir - red) / (nir + red)) ** 2)) / (1 + C1 * exp(-2 * ((nir - red) / (nir + red)) ** 2) - C2 * exp(-2 * ((nir - blue) / (nir + blue)) ** 2) + exp(-2 * ((nir - L) / (nir + L)) ** 2))',
    'https://doi.org/10.1126/sciadv.abc7447',
  ],
  [
    'kIPVI',
    'Kernel Infrared Percentage Vegetation Index',
    '1 / (1 + exp(-2 * ((nir - red) / (nir + red)) ** 2))',
    'https://doi.org/10.1126/sciadv.abc7447',
  ],
  [
    'kNDVI',
    'Kernel NDVI: does not saturate, resists mixed pixels',
    '(1 - exp(-2 * ((nir - red) / (nir + red)) ** 2)) / (1 + exp(-2 * ((nir - red) / (nir + red)) ** 2))',
    'https://doi.org/10.1126/sciadv.abc7447',
    { range: [0, 0.8] },
  ],
  [
    'kRVI',
    'Kernel Ratio Vegetation Index',
    '1 / exp(-2 * ((nir - red) / (nir + red)) ** 2)',
    'https://doi.org/10.1126/sciadv.abc7447',
  ],
  [
    'kVARI',
    'Kernel Visible Atmospherically Resistant Index',
    '(1 - exp(-2 * ((green - red) / (green + red)) ** 2)) / (1 + exp(-2 * ((green - red) / (green + red)) ** 2) - exp(-2 * ((green - blue) / (green + blue)) ** 2))',
    'https://doi.org/10.1126/sciadv.abc7447',
  ],
];
