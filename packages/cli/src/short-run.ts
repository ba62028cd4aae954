import { setFlagsFromString } from 'node:v8';

/**
 * Flags of V8 for a process that computes in WebAssembly for seconds and ends. Optimizing its JavaScript, and marking a heap of
 * 15 MB whenever it has grown a little, take cores from the lanes for longer than they give back: 3 % of a Sentinel-2 tile on two.
 */
export const shortRunFlags = ['--no-opt', '--heap-growing-percent=900'] as const;

/** What they are without. */
const usualFlags = ['--opt', '--heap-growing-percent=0'] as const;

/**
 * Sets the flags from now on, in every thread. To be called once threads and modules are there: code that was compiled under other
 * flags, such as that of Node's own modules, is then compiled again, which doubles the time a thread takes to start.
 */
export function prepareShortRun(): void {
  for (const flag of shortRunFlags) setFlagsFromString(flag);
  // Before what this process has compiled is kept for the next one, which starts with the usual ones.
  process.prependListener('exit', () => {
    for (const flag of usualFlags) setFlagsFromString(flag);
  });
}
