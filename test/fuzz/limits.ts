/** What one file may cost, whoever wrote it: milliseconds of CPU, and resident MiB over what the process had before. */
export const MAX_CPU_MS = 250;
export const MAX_MEMORY_MIB = 64;

/** Mutants of one child process: starting one costs 0.3 s, and a crash costs the rest of its batch. */
export const BATCH = 20_000;

/** A child that works on one mutant for so long hangs. Half a minute of wall clock is 100 times the CPU limit. */
export const HANG_MS = 30_000;

/** Share of the mutants that open as images, roughly: samples for GDAL are spread over a batch by it. */
export const ACCEPTED_SHARE = 0.25;
