import type { IndexRow } from './spectral-index.ts';

/** Built-up area. Formulas as the Awesome Spectral Indices list them, in STAC's band names. */
export const urbanIndices: readonly IndexRow[] = [
  [
    'BLFEI',
    'Built-Up Land Features Extraction Index',
    '((green + red + swir22) / 3 - swir16) / ((green + red + swir22) / 3 + swir16)',
    'https://doi.org/10.1080/10106049.2018.1497094',
  ],
  [
    'BRBA',
    'Band Ratio for Built-up Area',
    'red / swir16',
    'https://www.omicsonline.org/scientific-reports/JGRS-SR136.pdf',
  ],
  [
    'DBI',
    'Dry Built-Up Index',
    '(blue - lwir11) / (blue + lwir11) - (nir - red) / (nir + red)',
    'https://doi.org/10.3390/land7030081',
  ],
  [
    'EBBI',
    'Enhanced Built-Up and Bareness Index',
    '(swir16 - nir) / (10 * (swir16 + lwir) ** 0.5)',
    'https://doi.org/10.3390/rs4102957',
  ],
  [
    'IBI',
    'Built-up areas from three other indices',
    '((swir16 - nir) / (swir16 + nir) - ((nir - red) * (1 + L) / (nir + red + L) + (green - swir16) / (green + swir16)) / 2) / ((swir16 - nir) / (swir16 + nir) + ((nir - red) * (1 + L) / (nir + red + L) + (green - swir16) / (green + swir16)) / 2)',
    'https://doi.org/10.1080/01431160802039957',
    { range: [-1, 1] },
  ],
  [
    'NBAI',
    'Normalized Built-up Area Index',
    '(swir22 - swir16 / green) / (swir22 + swir16 / green)',
    'https://www.omicsonline.org/scientific-reports/JGRS-SR136.pdf',
  ],
  [
    'NBUI',
    'New Built-Up Index',
    '(swir16 - nir) / (10 * (lwir + swir16) ** 0.5) - (nir - red) * (1 + L) / (nir - red + L) - (green - swir16) / (green + swir16)',
    'https://hdl.handle.net/1959.11/29500',
  ],
  [
    'NDBI',
    'Normalized difference built-up index: buildings and bare soil',
    '(swir16 - nir) / (swir16 + nir)',
    'http://dx.doi.org/10.1080/01431160304987',
    { range: [-0.5, 0.5] },
  ],
  [
    'NDISIb',
    'Normalized Difference Impervious Surface Index Blue',
    '(lwir - (blue + nir + swir16) / 3) / (lwir + (blue + nir + swir16) / 3)',
    'https://doi.org/10.14358/PERS.76.5.557',
  ],
  [
    'NDISIg',
    'Normalized Difference Impervious Surface Index Green',
    '(lwir - (green + nir + swir16) / 3) / (lwir + (green + nir + swir16) / 3)',
    'https://doi.org/10.14358/PERS.76.5.557',
  ],
  [
    'NDISImndwi',
    'Normalized Difference Impervious Surface Index with MNDWI',
    '(lwir - ((green - swir16) / (green + swir16) + nir + swir16) / 3) / (lwir + ((green - swir16) / (green + swir16) + nir + swir16) / 3)',
    'https://doi.org/10.14358/PERS.76.5.557',
  ],
  [
    'NDISIndwi',
    'Normalized Difference Impervious Surface Index with NDWI',
    '(lwir - ((green - nir) / (green + nir) + nir + swir16) / 3) / (lwir + ((green - nir) / (green + nir) + nir + swir16) / 3)',
    'https://doi.org/10.14358/PERS.76.5.557',
  ],
  [
    'NDISIr',
    'Normalized Difference Impervious Surface Index Red',
    '(lwir - (red + nir + swir16) / 3) / (lwir + (red + nir + swir16) / 3)',
    'https://doi.org/10.14358/PERS.76.5.557',
  ],
  [
    'NHFD',
    'Non-Homogeneous Feature Difference',
    '(rededge1 - coastal) / (rededge1 + coastal)',
    'https://www.semanticscholar.org/paper/Using-WorldView-2-Vis-NIR-MSI-Imagery-to-Support-Wolf/5e5063ccc4ee76b56b721c866e871d47a77f9fb4',
  ],
  [
    'PISI',
    'Perpendicular Impervious Surface Index',
    '0.8192 * blue - 0.5735 * nir + 0.075',
    'https://doi.org/10.3390/rs10101521',
  ],
  [
    'UI',
    'Urban index',
    '(swir22 - nir) / (swir22 + nir)',
    'https://www.isprs.org/proceedings/XXXI/congress/part7/321_XXXI-part7.pdf',
    { range: [-0.7, 0.4] },
  ],
  [
    'VIBI',
    'Vegetation against buildings',
    '(nir - red) / (nir + red) / ((nir - red) / (nir + red) + (swir16 - nir) / (swir16 + nir))',
    'http://dx.doi.org/10.1080/01431161.2012.687842',
    { range: [-1, 2], ramp: 'ndvi' },
  ],
  [
    'VgNIRBI',
    'Visible Green-Based Built-Up Index',
    '(green - nir) / (green + nir)',
    'https://doi.org/10.1016/j.ecolind.2015.03.037',
  ],
  [
    'VrNIRBI',
    'Visible Red-Based Built-Up Index',
    '(red - nir) / (red + nir)',
    'https://doi.org/10.1016/j.ecolind.2015.03.037',
  ],
];
