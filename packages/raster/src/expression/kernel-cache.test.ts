import { describe, expect, it } from 'vitest';
import type { Expression } from './ast.ts';
import type { BandType, KernelBand } from './kernel.ts';
import { kernelCache } from './kernel-cache.ts';
import { KERNELS_KEPT } from './limits.ts';
import { parseExpression } from './parse.ts';

const memory = new WebAssembly.Memory({ initial: 1, maximum: 16 });

const plain = (name: string, type: BandType = 'float32'): KernelBand => ({
  name,
  type,
  scale: 1,
  offset: 0,
  nodata: null,
});

describe('kernelCache', () => {
  it('gives the same kernel for equal text and bands, and another for others', () => {
    const compiled = kernelCache(memory);
    const base = plain('a', 'uint16');
    const kernel = compiled(parseExpression('a+1'), [base]);
    expect(compiled(parseExpression('(a) + 1.0'), [{ ...base }])).toBe(kernel);
    const others = [
      compiled(parseExpression('a+2'), [base]),
      ...(['type:int16', 'scale:2', 'offset:1', 'nodata:0'] as const).map((change) => {
        const [key, value] = change.split(':') as [string, string];
        return compiled(parseExpression('a+1'), [{ ...base, [key]: key === 'type' ? value : Number(value) }]);
      }),
    ];
    expect(new Set([kernel, ...others]).size).toBe(6);
    expect(compiled(parseExpression('a+1'), [base])).toBe(kernel);
  });

  it('tells zeros of either sign apart', () => {
    const compiled = kernelCache(memory);
    const zero = (value: number): Expression => ({
      kind: 'binary',
      operator: '/',
      left: { kind: 'number', value: 1 },
      right: { kind: 'number', value },
    });
    expect(compiled(zero(0), [plain('a')])).not.toBe(compiled(zero(-0), [plain('a')]));
  });

  it('forgets the one not used for longest', () => {
    const compiled = kernelCache(memory);
    const get = (n: number) => compiled(parseExpression(`a + ${n}`), [plain('a')]);
    const [first, second] = [get(0), get(1)];
    for (let n = 2; n < KERNELS_KEPT; n++) get(n);
    expect(get(0)).toBe(first);
    get(KERNELS_KEPT);
    expect(get(0)).toBe(first);
    expect(get(1)).not.toBe(second);
  });
});
