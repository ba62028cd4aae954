/** Constants of formulas by name. */
export type Constants = Readonly<Record<string, number | null>>;

/** What a constant means, and its value where nobody says another. */
export interface IndexConstant {
  readonly meaning: string;
  /** Null: there is no value that is right for everybody. */
  readonly value: number | null;
  /** The band whose centre wavelength this is, in nanometres: known for a known sensor. */
  readonly wavelengthOf?: string;
}

/** Every constant of the catalogue; values as the Awesome Spectral Indices have them. */
export const indexConstants: Readonly<Record<string, IndexConstant>> = {
  g: { value: 2.5, meaning: 'gain' },
  C1: { value: 6, meaning: 'first coefficient of the aerosol term' },
  C2: { value: 7.5, meaning: 'second coefficient of the aerosol term' },
  L: { value: 1, meaning: 'adjustment for the background below a canopy; 0.5 for cover in between' },
  alpha: { value: 0.1, meaning: 'weight of the near infrared' },
  beta: { value: 0.05, meaning: 'calibration of NDSInw' },
  gamma: { value: 1, meaning: 'weight of the aerosol correction' },
  lmb: { value: 1, meaning: 'weight of the atmospheric correction' },
  eta: { value: 0.5, meaning: 'share of green in the mix of green and red' },
  sla: { value: 1, meaning: 'slope of the soil line' },
  slb: { value: 0, meaning: 'intercept of the soil line' },
  k: { value: 0, meaning: 'slope of the soil in NIRvH2' },
  nexp: { value: 2, meaning: 'exponent of GDVI' },
  cexp: { value: 1.16, meaning: 'exponent of OCVI' },
  fdelta: { value: 0.581, meaning: 'adjustment of SEVI' },
  omega: { value: 2, meaning: 'weight of green in MBWI' },
  epsilon: {
    value: 1,
    meaning: 'adjustment of EBI; the water colour indices WC1 and WC2 are meant with 1e-10',
  },
  n: {
    value: 5,
    meaning: 'adjustment of RWI: median of green ** (1 / e) by median of green, over the scene',
  },
  PAR: { value: null, meaning: 'photosynthetically active radiation' },
  lambdaG: { value: null, meaning: 'centre wavelength of green, nm', wavelengthOf: 'green' },
  lambdaR: { value: null, meaning: 'centre wavelength of red, nm', wavelengthOf: 'red' },
  lambdaN: { value: null, meaning: 'centre wavelength of nir, nm', wavelengthOf: 'nir' },
  lambdaN2: { value: null, meaning: 'centre wavelength of nir08, nm', wavelengthOf: 'nir08' },
  lambdaS1: { value: null, meaning: 'centre wavelength of swir16, nm', wavelengthOf: 'swir16' },
  lambdaS2: { value: null, meaning: 'centre wavelength of swir22, nm', wavelengthOf: 'swir22' },
};
