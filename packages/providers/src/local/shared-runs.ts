/**
 * Callers at the same time share one run. A run that is shared begins after the call, never before: what was there when
 * somebody called, he sees. At most one run is under way, and one waits.
 */
export function sharedRuns<T>(run: () => Promise<T>): () => Promise<T> {
  let under: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= under.then(() => {
      next = undefined;
      const now = run();
      // Whether it fails is told to those who wait for it; the next one begins in either case.
      under = now.then(
        () => undefined,
        () => undefined,
      );
      return now;
    });
    return next;
  };
}
