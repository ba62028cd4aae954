export {
  type CogBand,
  type CogReport,
  type CogSpec,
  DEFAULT_BLOCK_SIZE,
  type ReadPlanes,
} from './cog/spec.ts';
export { writeCog } from './cog/write.ts';
export type * from './expression/ast.ts';
export type * from './image.ts';
export type * from './process/work.ts';
