export type * from './expression/ast.ts';
export { evaluate } from './expression/evaluate.ts';
export { formatExpression } from './expression/format.ts';
export * from './expression/limits.ts';
export { bandsOf, parseExpression } from './expression/parse.ts';
export type * from './image.ts';
export type * from './process/work.ts';
