/** Vectors of the official test documents that we do not meet, and why: each contradicts its definition or itself. */
export const missedVectors: readonly (readonly [
  process: string,
  index: number,
  level: string,
  reason: string,
])[] = [
  ['aggregate_temporal', 6, 'L2', 'the intervals are in January 2020, the data in June'],
  ['aggregate_temporal', 7, 'L2', 'the intervals are in January 2020, the data in June'],
  ['aggregate_temporal', 9, 'L2', 'the labels stand in the reducer, and the data is in June'],
  ['aggregate_temporal', 10, 'L2', 'the reducer is the mean, the expected values are medians'],
  ['aggregate_temporal_period', 3, 'L2', 'expects days for the period hour'],
  ['aggregate_temporal_period', 4, 'L2', 'expects labels of hours for the period day'],
  ['aggregate_temporal_period', 9, 'L2', 'expects the dimension t2 to be renamed to t'],
  ['apply', 2, 'L3', 'expects 1650 for 10 times no data: the asset has no 165 there'],
  ['apply_dimension', 2, 'L1', 'names the dimension bands, which the asset does not have'],
  ['array_append', 0, 'L3', 'expects 1 after appending 0'],
  ['array_apply', 6, 'L3', 'expects labels to be lost; the vector after it expects them to stay'],
  ['array_element', 3, 'L2', 'asks for the label BO2, with the letter O, in an array with B02'],
  ['array_filter', 3, 'L3', 'writes a labelled array without its type'],
  ['array_filter', 4, 'L3', 'writes a labelled array without its type'],
  ['array_find', 6, 'L2', 'expects position 1 for the value at position 0'],
  ['filter_bands', 4, 'L2A', 'asks for red and blue, expects blue and green'],
  ['mask', 0, 'L2A', 'expects pixels to be replaced where the mask is 0'],
  ['mask', 2, 'L2A', 'expects pixels to be replaced where the mask is 0, and one where it is 1'],
  ['mask_polygon', 0, 'L2A', 'expects everything to be replaced inside of a polygon that is elsewhere'],
  ['mask_polygon', 1, 'L2A', 'expects nothing to be replaced outside of a polygon that is elsewhere'],
  ['mask_polygon', 6, 'L2A', 'the asset lacks the mask at four cells of one plane of 24'],
  ['product', 10, 'L1', 'expects NaN for infinity times minus infinity'],
  ['rename_dimension', 3, 'L2', 'expects y to be renamed instead of x'],
  ['rename_dimension', 4, 'L2', 'expects x to be renamed instead of y'],
  ['rename_labels', 7, 'L2', 'lacks the required target'],
];

/** Vectors met, of all there are, by the level of the openEO profile. */
export const vectorCounts: Readonly<Record<string, readonly [met: number, all: number]>> = {
  L1: [409, 411],
  L2: [171, 183],
  'L2-Date': [10, 10],
  'L2-Text': [20, 20],
  L2A: [14, 20],
  L3: [75, 80],
};
