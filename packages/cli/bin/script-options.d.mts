import type { BuildOptions } from 'esbuild';
export const scriptOptions: BuildOptions;
