import type { RequestSpecInput } from '../spec.ts';

/** NDVI of June 2024 over 15 km x 2 km of the scenes of `testing.ts`: two chunks a date. */
export function testSpec(overrides: Partial<RequestSpecInput> = {}): RequestSpecInput {
  return {
    aoi: [10.5, 48.5, 10.7, 48.52],
    datetime: '2024-06-01/2024-06-30',
    collections: ['test-s2'],
    pipeline: { expression: '(nir-red)/(nir+red)' },
    mask: 'none',
    ...overrides,
  };
}
