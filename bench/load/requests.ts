/** What one client of the load does, drawn by weight. */
export type Operation = 'list' | 'get' | 'events' | 'search' | 'collections' | 'tile' | 'create' | 'follow';

/** Mostly reading, as a page or a notebook does; a create for every 30 calls, and now and then one that is followed. */
const weights: readonly (readonly [Operation, number])[] = [
  ['list', 20],
  ['get', 25],
  ['events', 10],
  ['search', 15],
  ['collections', 5],
  ['tile', 21],
  ['create', 3],
  ['follow', 1],
];
const total = weights.reduce((sum, [, weight]) => sum + weight, 0);

export function draw(fraction: number): Operation {
  let at = fraction * total;
  for (const [operation, weight] of weights) {
    at -= weight;
    if (at < 0) return operation;
  }
  return 'list';
}

/**
 * Places of 1 km in the sample's valley. Few, so that most creates are for pixels that somebody made or is making: this is
 * about the request machine, and two cores have other work than 1,000 NDVIs.
 */
export const PLACES = 12;

export function specOf(place: number): object {
  const west = 10.4 + (place % 4) * 0.015;
  const south = 48.79 + Math.floor(place / 4) * 0.015;
  return {
    name: `load ${place}`,
    labels: { place: String(place) },
    aoi: [west, south, west + 0.012, south + 0.009],
    datetime: '2024-05-01/2024-06-30',
    provider: 'local',
    collections: ['sample-s2-l2a'],
    pipeline: { index: 'NDVI' },
  };
}

export const searchBody = {
  collections: ['results'],
  bbox: [10.37, 48.76, 10.5, 48.86],
  datetime: '2024-04-01T00:00:00Z/2024-09-30T00:00:00Z',
  filter: 'eo:cloud_cover < 60',
  'filter-lang': 'cql2-text',
  limit: 10,
};
