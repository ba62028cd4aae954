import type { SpectralIndex } from './spectral-index.ts';

export const soilIndices: readonly SpectralIndex[] = [
  {
    name: 'BSI',
    aliases: ['BI'],
    title: 'Bare soil index',
    formula: '(swir16 + red - (nir + blue)) / (swir16 + red + (nir + blue))',
    range: [-0.5, 0.5],
    ramp: 'viridis',
    domain: 'soil',
    reference: 'https://citeseerx.ist.psu.edu/viewdoc/download?doi=10.1.1.465.8749&rep=rep1&type=pdf',
  },
  {
    name: 'MBI',
    title: 'Modified bare soil index: positive is bare',
    formula: '(swir16 - swir22 - nir) / (swir16 + swir22 + nir) + 0.5',
    range: [-0.5, 0.5],
    ramp: 'viridis',
    domain: 'soil',
    reference: 'https://doi.org/10.3390/land10030231',
  },
  {
    name: 'DBSI',
    title: 'Bare ground in dry climates',
    formula: '(swir16 - green) / (swir16 + green) - (nir - red) / (nir + red)',
    range: [-0.6, 0.6],
    ramp: 'viridis',
    domain: 'soil',
    reference: 'https://doi.org/10.3390/land7030081',
  },
  {
    name: 'NDSoI',
    title: 'Soil against everything else',
    formula: '(swir22 - green) / (swir22 + green)',
    range: [-0.5, 0.7],
    ramp: 'viridis',
    domain: 'soil',
    reference: 'https://doi.org/10.1016/j.jag.2015.02.010',
  },
];
