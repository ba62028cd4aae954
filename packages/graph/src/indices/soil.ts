import type { IndexRow } from './spectral-index.ts';

/** Soil. Formulas as the Awesome Spectral Indices list them, in STAC's band names. */
export const soilIndices: readonly IndexRow[] = [
  [
    'BI',
    'Bare soil index',
    '(swir16 + red - (nir + blue)) / (swir16 + red + (nir + blue))',
    'http://citeseerx.ist.psu.edu/viewdoc/download?doi=10.1.1.465.8749&rep=rep1&type=pdf',
    { range: [-0.5, 0.5], aliases: ['BSI'] },
  ],
  [
    'BITM',
    'Landsat TM-based Brightness Index',
    '((blue ** 2 + green ** 2 + red ** 2) / 3) ** 0.5',
    'https://doi.org/10.1016/S0034-4257(98)00030-3',
  ],
  [
    'BIXS',
    'SPOT HRV XS-based Brightness Index',
    '((green ** 2 + red ** 2) / 2) ** 0.5',
    'https://doi.org/10.1016/S0034-4257(98)00030-3',
  ],
  ['BaI', 'Bareness Index', 'red + swir16 - nir', 'https://doi.org/10.1109/IGARSS.2005.1525743'],
  [
    'DBSI',
    'Bare ground in dry climates',
    '(swir16 - green) / (swir16 + green) - (nir - red) / (nir + red)',
    'https://doi.org/10.3390/land7030081',
    { range: [-0.6, 0.6] },
  ],
  [
    'EMBI',
    'Enhanced Modified Bare Soil Index',
    '((swir16 - swir22 - nir) / (swir16 + swir22 + nir) + 0.5 - (green - swir16) / (green + swir16) - 0.5) / ((swir16 - swir22 - nir) / (swir16 + swir22 + nir) + 0.5 + (green - swir16) / (green + swir16) + 1.5)',
    'https://doi.org/10.1016/j.jag.2022.102703',
  ],
  [
    'MBI',
    'Modified bare soil index: positive is bare',
    '(swir16 - swir22 - nir) / (swir16 + swir22 + nir) + 0.5',
    'https://doi.org/10.3390/land10030231',
    { range: [-0.5, 0.5] },
  ],
  [
    'NBLI',
    'Normalized Difference Bare Land Index',
    '(red - lwir) / (red + lwir)',
    'https://doi.org/10.3390/rs9030249',
  ],
  [
    'NBLIOLI',
    'Normalized Difference Bare Land Index for Landsat-OLI',
    '(red - lwir11) / (red + lwir11)',
    'https://doi.org/10.3390/rs9030249',
  ],
  [
    'NDBaI',
    'Normalized Difference Bareness Index',
    '(swir16 - lwir) / (swir16 + lwir)',
    'https://doi.org/10.1109/IGARSS.2005.1526319',
  ],
  [
    'NDSIWV',
    'WorldView Normalized Difference Soil Index',
    '(green - yellow) / (green + yellow)',
    'https://www.semanticscholar.org/paper/Using-WorldView-2-Vis-NIR-MSI-Imagery-to-Support-Wolf/5e5063ccc4ee76b56b721c866e871d47a77f9fb4',
  ],
  [
    'NDSoI',
    'Soil against everything else',
    '(swir22 - green) / (swir22 + green)',
    'https://doi.org/10.1016/j.jag.2015.02.010',
    { range: [-0.5, 0.7] },
  ],
  [
    'NSDS',
    'Normalized Shortwave Infrared Difference Soil-Moisture',
    '(swir16 - swir22) / (swir16 + swir22)',
    'https://doi.org/10.3390/land10030231',
  ],
  [
    'NSDSI1',
    'Normalized Shortwave-Infrared Difference Bare Soil Moisture Index 1',
    '(swir16 - swir22) / swir16',
    'https://doi.org/10.1016/j.isprsjprs.2019.06.012',
  ],
  [
    'NSDSI2',
    'Normalized Shortwave-Infrared Difference Bare Soil Moisture Index 2',
    '(swir16 - swir22) / swir22',
    'https://doi.org/10.1016/j.isprsjprs.2019.06.012',
  ],
  [
    'NSDSI3',
    'Normalized Shortwave-Infrared Difference Bare Soil Moisture Index 3',
    '(swir16 - swir22) / (swir16 + swir22)',
    'https://doi.org/10.1016/j.isprsjprs.2019.06.012',
  ],
  [
    'RI4XS',
    'SPOT HRV XS-based Redness Index 4',
    'red ** 2 / green ** 4',
    'https://doi.org/10.1016/S0034-4257(98)00030-3',
  ],
];
