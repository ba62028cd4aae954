import { isSwathError } from '@swath/core';
import type { Grid } from '@swath/geo';
import { expect, it } from 'vitest';
import { double, greyIfd, makeTiff } from '../../../../test/support/tiff-fixture.ts';
import { bufferedSource } from '../source/buffered.ts';
import { lru } from '../source/lru.ts';
import { memorySource } from '../source/memory.ts';
import { openTiff } from '../tiff/open-tiff.ts';
import { positionMap } from './positions.ts';

it('an image with ground control points only is not warped, and the error says so', async () => {
  const points = double(33922, 0, 0, 0, 5e5, 6e6, 0, 4, 0, 0, 5.1e5, 6e6, 0);
  const source = bufferedSource(memorySource(makeTiff([greyIfd(4, [[1, 2, 3, 4]], [points])]), 'gcps.tif'));
  const { info } = await openTiff({ source, cache: lru(1 << 20), cacheKey: 'gcps' });
  const grid: Grid = { crs: 'EPSG:32632', geotransform: [5e5, 10, 0, 6e6, 0, -10], width: 4, height: 1 };
  try {
    positionMap(grid, 'gcps.tif', info);
    expect.unreachable();
  } catch (error) {
    if (!isSwathError(error, 'Unsupported')) throw error;
    expect(error.message).toMatch(/ground control points/);
  }
});
