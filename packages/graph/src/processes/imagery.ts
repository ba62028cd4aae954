import type { Process } from '../registry/definition.ts';

/** Processes that need imagery or storage: graphs may use them, and run in jobs. */
export const imageryProcesses: readonly Process[] = [];
