/** The request that pages and the OpenAPI document show: sendable as it is. */
export const exampleRequest = {
  aoi: [4.8, 52.3, 4.95, 52.4],
  datetime: '2024-05-01/2024-08-31',
  provider: 'earth-search',
  collections: ['sentinel-2-l2a'],
  pipeline: { index: 'NDVI' },
  maxCloudCoverPercent: 60,
};
