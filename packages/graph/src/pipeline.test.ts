import { isSwathError, type SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { resolvePipeline } from './pipeline.ts';

function refusal(run: () => unknown): SwathError {
  try {
    run();
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('resolvePipeline', () => {
  it('takes an index in any case and names its output in lower case', () => {
    const resolved = resolvePipeline({ index: 'ndvi' });
    expect(resolved.title).toBe('NDVI');
    expect(resolved.outputs.map(({ name }) => name)).toEqual(['ndvi']);
    expect(resolved.bands).toEqual([
      { name: 'nir', band: 'nir' },
      { name: 'red', band: 'red' },
    ]);
    expect(resolved.range).toEqual([-0.2, 0.9]);
  });

  it('puts constants into the formula: the usual ones, or those given', () => {
    const usual = resolvePipeline({ index: 'SAVI' });
    const ours = resolvePipeline({ index: 'SAVI', constants: { L: 0.5 } });
    expect(usual.outputs).toEqual(
      resolvePipeline({ expression: '(1 + 1) * (nir - red) / (nir + red + 1)', name: 'savi' }).outputs,
    );
    expect(ours.outputs).toEqual(
      resolvePipeline({ expression: '(1 + 0.5) * (nir - red) / (nir + red + 0.5)', name: 'savi' }).outputs,
    );
    expect(refusal(() => resolvePipeline({ index: 'SAVI', constants: { l: 0.5 } }))).toMatchObject({
      pointer: '/pipeline/constants',
      fix: 'It has L.',
    });
    expect(refusal(() => resolvePipeline({ index: 'NDVI', constants: { L: 0.5 } })).fix).toContain('none');
  });

  it("takes wavelengths from the scenes' sensor, and asks for what nobody can know", () => {
    const of = (sensor: 'sentinel-2' | 'landsat-oli' | 'other') =>
      JSON.stringify(resolvePipeline({ index: 'CRSWIR' }, '/pipeline', sensor).outputs);
    expect(of('sentinel-2')).toContain('2202.4');
    expect(of('landsat-oli')).toContain('2200');
    expect(refusal(() => of('other'))).toMatchObject({
      pointer: '/pipeline/constants',
      fix: expect.stringContaining('lambdaS2'),
    });
    expect(refusal(() => resolvePipeline({ index: 'NIRvP' }, '/pipeline', 'sentinel-2')).fix).toContain(
      'PAR',
    );
  });

  it('gives an index and its formula the same expression', () => {
    const index = resolvePipeline({ index: 'NDVI' });
    const expression = resolvePipeline({ expression: ' (nir-red)/( nir + red )', name: 'ndvi' });
    expect(expression.outputs).toEqual(index.outputs);
    expect(expression.bands).toEqual(index.bands);
  });

  it('maps the names of an expression to bands', () => {
    const resolved = resolvePipeline({ expression: '(a - b) / (a + b)', bands: { a: 'B8A', b: 'SR_B4' } });
    expect(resolved.bands).toEqual([
      { name: 'a', band: 'B8A' },
      { name: 'b', band: 'SR_B4' },
    ]);
    expect(resolved.outputs[0]?.name).toBe('expression');
  });

  it('makes one output of each band, whatever characters its key has', () => {
    const resolved = resolvePipeline({ bands: ['visual-red', 'B04.tif'] });
    expect(resolved.outputs).toEqual([
      { name: 'visual-red', expression: { kind: 'band', name: 'visual-red' } },
      { name: 'B04.tif', expression: { kind: 'band', name: 'B04.tif' } },
    ]);
    expect(resolved.range).toBeNull();
  });

  it('names the nearest indices for one that does not exist', () => {
    const error = refusal(() => resolvePipeline({ index: 'NDVl' }));
    expect(error.code).toBe('InvalidInput');
    expect(error.pointer).toBe('/pipeline/index');
    expect(error.fix).toContain('NDVI');
    expect(refusal(() => resolvePipeline({ index: 'constructor' })).code).toBe('InvalidInput');
    expect(refusal(() => resolvePipeline({ index: 'x'.repeat(64) })).fix).not.toContain('Did you mean');
  });

  it('refuses what is not arithmetic, uses no band, or lists bands for nothing', () => {
    expect(refusal(() => resolvePipeline({ expression: 'process.exit()' })).pointer).toBe(
      '/pipeline/expression',
    );
    expect(refusal(() => resolvePipeline({ expression: '1 + 1' })).message).toContain('no band');
    const unused = refusal(() => resolvePipeline({ expression: 'a', bands: { a: 'red', 'x/y': 'nir' } }));
    expect(unused.pointer).toBe('/pipeline/bands/x~1y');
    const twice = refusal(() => resolvePipeline({ bands: ['red', 'nir', 'red'] }));
    expect(twice.pointer).toBe('/pipeline/bands/2');
  });
});
