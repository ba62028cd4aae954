import { SwathError } from '@swath/core';

export const notOffered = (): SwathError =>
  new SwathError('Unsupported', 'This is not offered here.', {
    reason: 'FeatureUnsupported',
    fix: 'GET / lists the endpoints that are.',
  });
