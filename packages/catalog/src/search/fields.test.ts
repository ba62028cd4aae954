import { describe, expect, it } from 'vitest';
import { chooseFields, parseFields } from './fields.ts';

const item = {
  type: 'Feature',
  stac_version: '1.0.0',
  id: 'a',
  collection: 'c',
  geometry: { type: 'Point' },
  bbox: [1, 2, 1, 2],
  links: [],
  assets: {},
  properties: { datetime: '2024-01-01T00:00:00Z', 'eo:cloud_cover': 3, title: 'A' },
};
const chosen = (fields: Parameters<typeof parseFields>[0]) => chooseFields(item, parseFields(fields));
const named = { type: 'Feature', stac_version: '1.0.0', id: 'a', collection: 'c' };
const { geometry: _, ...noGeometry } = item;

// The six rules of https://github.com/stac-api-extensions/fields (1.0.0), "Include/Exclude Semantics".
describe('the fields of an Item', () => {
  it('are the default ones when nothing is named', () => {
    const byDefault = { ...item, properties: { datetime: '2024-01-01T00:00:00Z' } };
    for (const nothing of ['', {}, { include: null, exclude: null }, { include: [], exclude: [] }] as const) {
      expect(chosen(nothing)).toEqual(byDefault);
    }
    expect(chosen(undefined)).toEqual(item);
  });

  it('are those that are included, besides what makes it an Item', () => {
    expect(chosen('+bbox,properties.title')).toEqual({
      ...named,
      bbox: item.bbox,
      properties: { title: 'A' },
    });
    expect(chosen({ include: ['geometry'] })).toEqual({ ...named, geometry: item.geometry });
  });

  it('are all others when some are only excluded', () => {
    expect(chosen('-geometry')).toEqual(noGeometry);
    expect(chosen({ exclude: ['geometry'] })).toEqual(noGeometry);
    expect(chosen('-id,-type')).toEqual(item);
  });

  it('are the default ones without the excluded when the included are an empty list', () => {
    const rest = { ...noGeometry, properties: { datetime: '2024-01-01T00:00:00Z' } };
    expect(chosen({ exclude: ['geometry'], include: [] })).toEqual(rest);
    expect(chosen({ exclude: ['geometry'], include: null })).toEqual(rest);
    const { properties: _, ...bare } = item;
    expect(chosen({ exclude: ['properties'], include: [] })).toEqual(bare);
  });

  it('are decided by the longer path, and by include when both name one', () => {
    const cloud = { ...named, properties: { 'eo:cloud_cover': 3 } };
    expect(chosen('-properties,+properties.eo:cloud_cover')).toEqual(cloud);
    expect(chosen('properties,-properties.title')).toEqual({
      ...named,
      properties: { datetime: '2024-01-01T00:00:00Z', 'eo:cloud_cover': 3 },
    });
    expect(chosen('+geometry,-geometry')).toEqual({ ...named, geometry: item.geometry });
  });
});
