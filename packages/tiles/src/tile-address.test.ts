import { describe, expect, it } from 'vitest';
import { parseTileAddress } from './tile-address.ts';

describe('a tile’s address', () => {
  it.each([
    ['5.png', { y: 5, scale: 1, format: 'png' }],
    ['5', { y: 5, scale: 1, format: 'png' }],
    ['5@2x.webp', { y: 5, scale: 2, format: 'webp' }],
    ['5.jpg', { y: 5, scale: 1, format: 'jpeg' }],
    ['0@2x', { y: 0, scale: 2, format: 'png' }],
  ])('%s is understood', (y, expected) => {
    expect(parseTileAddress({ z: '3', x: '7', y })).toEqual({ z: 3, x: 7, ...expected });
  });

  it.each([
    ['-1', '0', '0.png'],
    ['25', '0', '0.png'],
    ['1e1', '0', '0.png'],
    ['03', '0', '0.png'],
    ['0x3', '0', '0.png'],
    ['٣', '0', '0.png'],
    ['3', '8', '0.png'],
    ['3', '0', '8.png'],
    ['3', '0.5', '0.png'],
    ['3', '99999999999999999999', '0.png'],
    ['3', 'NaN', '0.png'],
    ['3', '0', ''],
    ['3', '0', '.png'],
    ['3', '0', '0.tif'],
    ['3', '0', '0.svg'],
    ['3', '0', '0@3x.png'],
    ['3', '0', '0@2x@2x.png'],
    ['3', '0', '0.png.png'],
    ['3', '0', '../0.png'],
    ['3', '0', '0.png\u0000'],
    ['3', '0', '0.constructor'],
  ])('%s/%s/%s is refused', (z, x, y) => {
    expect(() => parseTileAddress({ z, x, y })).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
  });
});
