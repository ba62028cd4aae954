import type { Tools } from './tools.ts';
export const realTools = {} as Tools;
