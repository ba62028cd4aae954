/**
 * Repetitions of a test whose every run is another case: as many as given, times the environment variable SWATH_RUNS.
 * Set it to 10 before a release.
 */
export function runs(usual: number): number {
  const factor = Number(process.env['SWATH_RUNS'] ?? 1);
  if (!(factor > 0)) throw new Error('SWATH_RUNS is not a positive number');
  return Math.ceil(usual * factor);
}
