/** Calls `work` now and again `ms` after each call has ended; `stop` waits for the one under way. */
export function every(ms: number, work: () => Promise<unknown>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let current: Promise<void> = Promise.resolve();
  const run = () => {
    current = work().then(() => {
      if (!stopped) timer = setTimeout(run, ms);
    });
  };
  run();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
