import type { SpectralIndex } from './spectral-index.ts';

export const snowIndices: readonly SpectralIndex[] = [
  {
    name: 'NDSI',
    title: 'Normalized difference snow index: above 0.4 is mostly snow',
    formula: '(green - swir16) / (green + swir16)',
    range: [-0.6, 1],
    ramp: 'water',
    domain: 'snow',
    reference: 'https://doi.org/10.1109/IGARSS.1994.399618',
  },
  {
    name: 'S3',
    title: 'Snow under trees',
    formula: 'nir * (red - swir16) / ((nir + red) * (nir + swir16))',
    range: [-0.3, 0.4],
    ramp: 'water',
    domain: 'snow',
    reference: 'https://doi.org/10.3178/jjshwr.12.28',
  },
  {
    name: 'SWI',
    title: 'Snow against water',
    formula: 'green * (nir - swir16) / ((green + nir) * (nir + swir16))',
    range: [-0.3, 0.5],
    ramp: 'water',
    domain: 'snow',
    reference: 'https://doi.org/10.3390/rs11232774',
  },
];
