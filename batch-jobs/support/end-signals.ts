/**
 * An AbortSignal that fires when this process should end: SIGTERM (Spot reclaim, cancel), SIGINT, or the closing of
 * standard input, which tells that the runtime that started us is gone, however it went.
 */
export function endSignal(options: { readonly watchParent: boolean }): {
  readonly signal: AbortSignal;
  readonly stopListening: () => void;
} {
  const controller = new AbortController();
  const end = () => controller.abort();
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (options.watchParent) {
    process.stdin.on('end', end).on('close', end).on('error', end);
    process.stdin.resume();
    // The watch alone must not keep the process alive (a pipe or socket has unref, a file does not need it).
    if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref();
  }
  return {
    signal: controller.signal,
    stopListening: () => {
      process.off('SIGTERM', end);
      process.off('SIGINT', end);
    },
  };
}
