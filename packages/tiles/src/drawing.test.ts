import { rampTable } from '@swath/raster';
import { describe, expect, it } from 'vitest';
import { type DrawParams, type ImageLook, planDrawing, planValues } from './drawing.ts';
import { colormapNames, namedTable } from './named-colormaps.ts';
import { paint } from './paint.ts';

const statistics = {
  count: 4,
  validPercent: 100,
  min: 0,
  max: 1,
  mean: 0.5,
  std: 0.1,
  percentiles: { p2: 0.1, p5: 0.2, p25: 0.3, p50: 0.5, p75: 0.7, p95: 0.8, p98: 0.9 },
  histogram: null,
};
const look: ImageLook = {
  bands: [{ name: 'red', statistics }, { name: 'nir', statistics }, { name: 'b1' }],
  ramp: 'ndvi',
  range: null,
};
const one: ImageLook = { bands: [{ name: 'ndvi', statistics }], ramp: 'ndvi', range: { min: -1, max: 1 } };
const colours = (params: DrawParams, values: number[], of = one) => {
  const drawing = planDrawing(params, of);
  const ranges = drawing.ranges.map((range) => (range === 'auto' ? null : range));
  const rgba = paint(
    { planes: [Float32Array.from(values)], ranges, colours: drawing.colours },
    values.length,
  );
  return values.map((_, i) => [...rgba.subarray(i * 4, i * 4 + 4)]);
};

describe('a drawing nobody described', () => {
  it('shows three bands as colours, or one through the ramp of its pipeline', () => {
    expect(planDrawing({}, look).outputs.map(({ name }) => name)).toEqual(['red', 'nir', 'b1']);
    expect(planDrawing({}, one)).toMatchObject({ ranges: [{ min: -1, max: 1 }], resampling: 'nearest' });
  });

  it('stretches by the index’s range, the statistics, or what there is', () => {
    expect(planDrawing({ bidx: ['2'] }, look).ranges).toEqual([{ min: 0.1, max: 0.9 }]);
    expect(planDrawing({ bidx: ['3'] }, look).ranges).toEqual(['auto']);
    expect(planDrawing({ expression: 'nir / red' }, look).ranges).toEqual(['auto']);
    expect(planDrawing({ expression: 'nir' }, look).ranges).toEqual([{ min: 0.1, max: 0.9 }]);
    expect(planDrawing({ bidx: ['2'], unscale: 'false' }, look).ranges).toEqual(['auto']);
    expect(planDrawing({ bidx: ['2'], nodata: '0' }, look).ranges).toEqual(['auto']);
  });
});

describe('bands', () => {
  it('are named, numbered, or computed; a band’s own name wins over its number', () => {
    expect(planDrawing({ bands: ['nir,red', 'red'] }, look).outputs.map(({ name }) => name)).toEqual([
      'nir',
      'red',
      'red',
    ]);
    expect(planDrawing({ expression: 'b1;b2;nir' }, look).ranges[0]).toBe('auto');
    expect(planValues({}, look).outputs).toHaveLength(3);
    expect(planValues({ expression: 'red;nir' }, look).outputs).toHaveLength(2);
  });
});

describe('colours', () => {
  it.each(colormapNames)('of %s are those of its table, and backwards with _r', (name) => {
    const table = namedTable(name)!;
    const [low, high] = colours({ colormap_name: name, rescale: ['0,1'] }, [0, 1]);
    expect([low, high]).toEqual([
      [...table.subarray(0, 3), 255],
      [...table.subarray(765), 255],
    ]);
    expect(colours({ colormap_name: `${name}_r`, rescale: ['0,1'] }, [0, 1])).toEqual([high, low]);
  });

  it('of our ramps are those of thumbnails', () => {
    const table = rampTable('viridis');
    const values = Array.from({ length: 256 }, (_, i) => i / 255);
    expect(colours({ colormap_name: 'Viridis', rescale: ['0,1'] }, values)).toEqual(
      values.map((_, i) => [...table.subarray(i * 3, i * 3 + 3), 255]),
    );
  });

  it('hold at the ends, and are transparent where there is no value', () => {
    const [below, low, none] = colours({ rescale: ['0,1'] }, [-5, 0, Number.NaN]);
    expect(below).toEqual(low);
    expect(none).toEqual([0, 0, 0, 0]);
  });

  it('of classes are of whole numbers, and others have none', () => {
    const colormap = '{"1":"#ff0000","2":[0,255,0],"-3":[1,2,3,4]}';
    expect(colours({ colormap }, [1, 2, -3, 1.5, 7])).toEqual([
      [255, 0, 0, 255],
      [0, 255, 0, 255],
      [1, 2, 3, 4],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('of intervals include the lower end alone', () => {
    const colormap = '[[[0,0.5],"#000001"],[[0.5,1],"#00000280"]]';
    expect(colours({ colormap }, [0, 0.5, 1])).toEqual([
      [0, 0, 1, 255],
      [0, 0, 2, 128],
      [0, 0, 0, 0],
    ]);
  });
});

describe('what makes no sense', () => {
  it.each<[DrawParams]>([
    [{ bidx: ['0'] }],
    [{ bidx: ['4'] }],
    [{ bidx: ['1,2'] }],
    [{ bidx: ['1e0'] }],
    [{ bidx: ['1'], expression: 'red' }],
    [{ bands: ['blue'] }],
    [{ bands: ['__proto__'] }],
    [{ expression: '' }],
    [{ expression: '1+1' }],
    [{ expression: 'red;nir' }],
    [{ expression: 'constructor' }],
    [{ expression: 'process.exit()' }],
    [{ expression: `${'('.repeat(3000)}red${')'.repeat(3000)}` }],
    [{ rescale: ['1'] }],
    [{ rescale: ['1,0'] }],
    [{ rescale: ['0,0'] }],
    [{ rescale: ['0,1,2'] }],
    [{ rescale: ['NaN,1'] }],
    [{ rescale: ['0,Infinity'] }],
    [{ rescale: ['0,1e999'] }],
    [{ rescale: ['0x0,0x1'] }],
    [{ rescale: ['0,1', '0,2'] }],
    [{ rescale: ['0,1', '0,2', '0,3', '0,4'] }],
    [{ bidx: ['1'], colormap_name: 'rainbow-unicorn' }],
    [{ bidx: ['1'], colormap_name: '__proto__' }],
    [{ bidx: ['1'], colormap_name: 'viridis', colormap: '{"1":"#000000"}' }],
    [{ colormap_name: 'viridis' }],
    [{ bidx: ['1'], colormap: '{' }],
    [{ bidx: ['1'], colormap: '{}' }],
    [{ bidx: ['1'], colormap: '[]' }],
    [{ bidx: ['1'], colormap: 'null' }],
    [{ bidx: ['1'], colormap: '{"1":"red"}' }],
    [{ bidx: ['1'], colormap: '{"1":[300,0,0]}' }],
    [{ bidx: ['1'], colormap: '{"a":"#000000"}' }],
    [{ bidx: ['1'], colormap: '{"__proto__":"#000000"}' }],
    [{ bidx: ['1'], colormap: `"${'x'.repeat(20_000)}"` }],
    [{ nodata: 'none' }],
    [{ nodata: '1e999' }],
    [{ resampling: 'lanczos' }],
    [{ resampling: 'toString' }],
    [{ unscale: 'perhaps' }],
  ])('%o is refused before anything is read', (params) => {
    expect(() => planDrawing(params, look)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(InvalidInput|LimitExceeded)$/) }),
    );
  });
});
