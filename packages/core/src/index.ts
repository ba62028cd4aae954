export * from './canonical.ts';
export * from './emf.ts';
export * from './errors.ts';
export * from './log.ts';
export * from './version.ts';
