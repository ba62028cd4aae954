export type * from './expression/ast.ts';
export type * from './image.ts';
export type * from './process/work.ts';
