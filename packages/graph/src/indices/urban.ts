import type { SpectralIndex } from './spectral-index.ts';

export const urbanIndices: readonly SpectralIndex[] = [
  {
    name: 'NDBI',
    title: 'Normalized difference built-up index: buildings and bare soil',
    formula: '(swir16 - nir) / (swir16 + nir)',
    range: [-0.5, 0.5],
    ramp: 'viridis',
    domain: 'urban',
    reference: 'https://doi.org/10.1080/01431160304987',
  },
  {
    name: 'UI',
    title: 'Urban index',
    formula: '(swir22 - nir) / (swir22 + nir)',
    range: [-0.7, 0.4],
    ramp: 'viridis',
    domain: 'urban',
    reference: 'https://www.isprs.org/proceedings/XXXI/congress/part7/321_XXXI-part7.pdf',
  },
  {
    name: 'IBI',
    title: 'Built-up areas from three other indices',
    formula:
      '((swir16 - nir) / (swir16 + nir) - (2 * (nir - red) / (nir + red + 1) + (green - swir16) / (green + swir16)) / 2) / ((swir16 - nir) / (swir16 + nir) + (2 * (nir - red) / (nir + red + 1) + (green - swir16) / (green + swir16)) / 2)',
    range: [-1, 1],
    ramp: 'viridis',
    domain: 'urban',
    reference: 'https://doi.org/10.1080/01431160802039957',
  },
  {
    name: 'VIBI',
    title: 'Vegetation against buildings',
    formula: '((nir - red) / (nir + red)) / ((nir - red) / (nir + red) + (swir16 - nir) / (swir16 + nir))',
    range: [-1, 2],
    ramp: 'ndvi',
    domain: 'urban',
    reference: 'https://doi.org/10.1080/01431161.2012.687842',
  },
];
