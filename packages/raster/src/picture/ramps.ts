/** A colour ramp: stops in ascending position from 0 to 1, in between straight lines in OKLab. */
export interface Ramp {
  /** What it is good for, for pickers and documentation. */
  readonly title: string;
  readonly stops: readonly (readonly [position: number, hex: string])[];
}

/**
 * Our ramps. `viridis`, `water` and `greys` change lightness steadily, so that equal steps of value look equal, in grey
 * print and to colour-blind eyes too. `ndvi` is a convention of the field: bare soil red, sparse yellow, dense green; its
 * greens darken steadily.
 */
export const RAMPS = {
  viridis: {
    title: 'Any measure: dark violet, teal, yellow',
    stops: [
      [0, '#440f56'],
      [0.25, '#3a528c'],
      [0.5, '#22908b'],
      [0.75, '#62c863'],
      [1, '#fbe625'],
    ],
  },
  ndvi: {
    title: 'Vegetation: red, yellow, green',
    stops: [
      [0, '#8c1c13'],
      [0.2, '#d4572e'],
      [0.4, '#f2b45a'],
      [0.5, '#fbe98a'],
      [0.65, '#a9cf5f'],
      [0.8, '#4f9d3f'],
      [1, '#0b4f24'],
    ],
  },
  water: {
    title: 'Water and moisture: sand to deep blue',
    stops: [
      [0, '#f6f0e0'],
      [0.14, '#b9dbe2'],
      [0.41, '#5aa6cf'],
      [0.68, '#2a6cab'],
      [1, '#0a2f66'],
    ],
  },
  greys: {
    title: 'Single bands: black to white',
    stops: [
      [0, '#000000'],
      [1, '#ffffff'],
    ],
  },
} as const satisfies Record<string, Ramp>;

export type RampName = keyof typeof RAMPS;

export function isRampName(name: string): name is RampName {
  return Object.hasOwn(RAMPS, name);
}
