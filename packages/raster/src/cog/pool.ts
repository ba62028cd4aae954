/** Runs asynchronous jobs, a bounded number at once. */
export interface Pool {
  /** Resolves when the job has started. @throws what an earlier job threw. */
  start(job: () => Promise<void>): Promise<void>;
  /** Resolves when nothing runs any more. @throws what the first failed job threw. */
  drain(): Promise<void>;
}

export function createPool(limit: number): Pool {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  function throwFailure(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    async start(job) {
      while (running.size >= limit) await Promise.race(running);
      throwFailure();
      const done = job()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(done));
      running.add(done);
    },
    async drain() {
      await Promise.all(running);
      throwFailure();
    },
  };
}
