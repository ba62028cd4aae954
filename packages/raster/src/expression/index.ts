/** Band math without the pixel readers: what request planning needs. */
export type * from './ast.ts';
export { evaluate } from './evaluate.ts';
export { formatExpression } from './format.ts';
export * from './limits.ts';
export { bandsOf, parseExpression } from './parse.ts';
