/** Bands of the sample, as Sentinel-2 has them. Reflectances are typical values, rounded by hand. */
export const sampleBands = [
  { key: 'blue', id: 'B02', title: 'Blue', wavelengthUm: 0.49, resolutionM: 10 },
  { key: 'green', id: 'B03', title: 'Green', wavelengthUm: 0.56, resolutionM: 10 },
  { key: 'red', id: 'B04', title: 'Red', wavelengthUm: 0.665, resolutionM: 10 },
  { key: 'nir', id: 'B08', title: 'Near infrared', wavelengthUm: 0.842, resolutionM: 10 },
  { key: 'rededge1', id: 'B05', title: 'Red edge 1', wavelengthUm: 0.704, resolutionM: 20 },
  { key: 'nir08', id: 'B8A', title: 'Narrow near infrared', wavelengthUm: 0.865, resolutionM: 20 },
  { key: 'swir16', id: 'B11', title: 'Short-wave infrared 1.6 um', wavelengthUm: 1.61, resolutionM: 20 },
  { key: 'swir22', id: 'B12', title: 'Short-wave infrared 2.2 um', wavelengthUm: 2.19, resolutionM: 20 },
] as const;

export type SampleBand = (typeof sampleBands)[number]['key'];
export type Spectrum = Readonly<Record<SampleBand, number>>;

const spectrum = (
  blue: number,
  green: number,
  red: number,
  rededge1: number,
  nir: number,
  nir08: number,
  swir16: number,
  swir22: number,
): Spectrum => ({ blue, green, red, nir, rededge1, nir08, swir16, swir22 });

export const spectra = {
  leaf: spectrum(0.028, 0.066, 0.032, 0.105, 0.44, 0.46, 0.19, 0.085),
  needles: spectrum(0.019, 0.034, 0.022, 0.058, 0.235, 0.25, 0.095, 0.045),
  straw: spectrum(0.065, 0.105, 0.155, 0.2, 0.285, 0.31, 0.36, 0.25),
  flowers: spectrum(0.05, 0.16, 0.13, 0.22, 0.46, 0.48, 0.22, 0.11),
  soil: spectrum(0.075, 0.105, 0.145, 0.175, 0.215, 0.235, 0.31, 0.265),
  water: spectrum(0.048, 0.05, 0.032, 0.024, 0.014, 0.012, 0.007, 0.005),
  built: spectrum(0.115, 0.13, 0.145, 0.16, 0.19, 0.2, 0.225, 0.205),
  cloud: spectrum(0.62, 0.61, 0.6, 0.61, 0.63, 0.64, 0.46, 0.36),
} as const;

/** Cover types of a parcel or other area; the numbers are the values in the landscape's `cover` map. */
export const cover = {
  wheat: 0,
  maize: 1,
  rapeseed: 2,
  grass: 3,
  beet: 4,
  fallow: 5,
  broadleaf: 6,
  conifer: 7,
  water: 8,
  town: 9,
} as const;

/** Rises over `width` days around `mid`, like a logistic curve. */
const rise = (day: number, mid: number, width: number) => 1 / (1 + Math.exp((mid - day) / width));

/** Share of the ground under green leaves, 0 to 1, by day of the year. */
export function greenness(type: number, day: number): number {
  switch (type) {
    case cover.wheat:
      return 0.1 + 0.82 * rise(day, 95, 12) * (1 - rise(day, 182, 7)) + 0.18 * rise(day, 300, 12);
    case cover.maize:
      return 0.03 + 0.9 * rise(day, 165, 9) * (1 - rise(day, 262, 8));
    case cover.rapeseed:
      return 0.22 + 0.68 * rise(day, 85, 10) * (1 - rise(day, 180, 7)) + 0.3 * rise(day, 285, 10);
    case cover.grass:
      return (
        0.38 +
        0.42 * rise(day, 100, 12) * (1 - rise(day, 290, 16)) -
        0.22 * Math.exp(-(((day - 168) / 9) ** 2))
      );
    case cover.beet:
      return 0.03 + 0.9 * rise(day, 150, 10) * (1 - rise(day, 288, 8));
    case cover.broadleaf:
      return 0.12 + 0.82 * rise(day, 118, 7) * (1 - rise(day, 290, 9));
    case cover.conifer:
      return 0.86;
    case cover.town:
      return 0.14 + 0.14 * rise(day, 115, 12) * (1 - rise(day, 285, 14));
    case cover.fallow:
      return 0.12 + 0.2 * rise(day, 130, 15) * (1 - rise(day, 270, 20));
    default:
      return 0;
  }
}

/** Share of dead standing plants (stubble, ripe straw), 0 to 1, of what is not green. */
export function strawShare(type: number, day: number): number {
  if (type === cover.wheat || type === cover.rapeseed) {
    return rise(day, 180, 7) * (1 - rise(day, 240, 8));
  }
  if (type === cover.maize) return rise(day, 258, 8) * (1 - rise(day, 300, 6)) * 0.7;
  if (type === cover.grass || type === cover.fallow) return 0.45;
  if (type === cover.broadleaf) return 0.6;
  return 0;
}

/** Rapeseed in flower: bright in green and red for three weeks of spring. */
export function flowering(type: number, day: number): number {
  return type === cover.rapeseed ? Math.exp(-(((day - 128) / 9) ** 2)) * 0.7 : 0;
}
