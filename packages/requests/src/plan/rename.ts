import type { Expression } from '@swath/raster';

/** The same expression with other band names; a name that is not in the table stays. */
export function renameBands(expression: Expression, names: ReadonlyMap<string, string>): Expression {
  const rename = (part: Expression): Expression => renameBands(part, names);
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'band':
      return { kind: 'band', name: names.get(expression.name) ?? expression.name };
    case 'unary':
      return { ...expression, operand: rename(expression.operand) };
    case 'binary':
      return { ...expression, left: rename(expression.left), right: rename(expression.right) };
    case 'call':
      return { ...expression, args: expression.args.map(rename) };
    case 'choose':
      return {
        kind: 'choose',
        test: rename(expression.test),
        yes: rename(expression.yes),
        no: rename(expression.no),
      };
  }
}
