import type { Expression } from '@swath/raster/expression/ast';
import { arity } from '@swath/raster/expression/functions';
import fc from 'fast-check';

const binaryOperators = ['+', '-', '*', '/', '**', '<', '<=', '>', '>=', '==', '!=', '&&', '||'] as const;
const functionNames = [
  'abs',
  'sqrt',
  'exp',
  'log',
  'log10',
  'min',
  'max',
  'floor',
  'ceil',
  'round',
  'clip',
] as const;

/** Trees of every kind of node over these bands and numbers, six levels deep at most. */
export function expressionTree(
  bandNames: readonly string[],
  numbers: fc.Arbitrary<number>,
): fc.Arbitrary<Expression> {
  return fc.letrec<{ node: Expression }>((tie) => {
    const band = fc.constantFrom(...bandNames).map((name): Expression => ({ kind: 'band', name }));
    const number = numbers.map((value): Expression => ({ kind: 'number', value }));
    const unary = fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('-', '!'),
      operand: tie('node'),
    });
    const binary = fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(...binaryOperators),
      left: tie('node'),
      right: tie('node'),
    });
    const choose = fc.record({
      kind: fc.constant('choose' as const),
      test: tie('node'),
      yes: tie('node'),
      no: tie('node'),
    });
    const call = fc
      .constantFrom(...functionNames)
      .chain((name) =>
        fc
          .array(tie('node'), { minLength: arity[name][0], maxLength: Math.min(arity[name][1], 3) })
          .map((args): Expression => ({ kind: 'call', name, args })),
      );
    return {
      node: fc.oneof(
        { maxDepth: 6, depthIdentifier: 'tree' },
        band,
        number,
        { weight: 1, arbitrary: unary },
        { weight: 3, arbitrary: binary },
        { weight: 1, arbitrary: choose },
        { weight: 2, arbitrary: call },
      ),
    };
  }).node;
}
