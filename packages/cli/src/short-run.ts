import { setFlagsFromString } from 'node:v8';

/**
 * Flags of V8 for a process that computes in WebAssembly for seconds and ends. Optimizing its JavaScript, and marking a heap of
 * 15 MB whenever it has grown a little, take cores from the lanes for longer than they give back: 3 % of a Sentinel-2 tile on two.
 * They hold for threads that start afterwards, too.
 */
export const shortRunFlags = ['--no-opt', '--initial-heap-size=256', '--heap-growing-percent=900'] as const;

export function prepareShortRun(): void {
  for (const flag of shortRunFlags) setFlagsFromString(flag);
}
